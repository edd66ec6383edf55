# frozen_string_literal: true

# A mock of GitLab's External Status Checks API for tests.
module Statuschecks
  # The path of the program for this machine.
  def self.program
    named = ENV.fetch("MOCK_GITLAB_PROGRAM", "")
    return named unless named.empty?

    folder = File.expand_path("../../libexec", __dir__)
    path = [File.join(folder, "statuschecks"), File.join(folder, "statuschecks.exe")].find { |p| File.file?(p) }
    path or raise LoadError, "the gem statuschecks has no program for this machine; install the gem of its platform, " \
                             "or name a program in MOCK_GITLAB_PROGRAM"
  end
end
