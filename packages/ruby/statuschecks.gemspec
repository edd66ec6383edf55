# frozen_string_literal: true

Gem::Specification.new do |spec|
  spec.name = "statuschecks"
  spec.version = "0.0.0"
  spec.platform = "ruby"
  spec.summary = "A mock of GitLab's External Status Checks API for tests, and a conformance suite"
  spec.authors = ["The statuschecks authors"]
  spec.license = "MIT"
  spec.homepage = "https://github.com/statuschecks/statuschecks"
  spec.required_ruby_version = ">= 3.0"
  spec.files = Dir["lib/**/*.rb", "libexec/*", "exe/*", "LICENSE", "NOTICES", "README.md"].sort
  spec.bindir = "exe"
  spec.executables = ["statuschecks"]
end
