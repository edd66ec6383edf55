# frozen_string_literal: true

require "json"
require "net/http"
require "open3"
require "tempfile"
require "tmpdir"
require "uri"
require_relative "control"
require_relative "program"

module Statuschecks
  # The mock could not be started, refused what was asked, or does not answer.
  class Error < StandardError; end

  # A mock that runs, as a process of its own. It ends with this process.
  class Gitlab
    include Control

    # How many seconds a mock gets to end, before it is told in a harder way.
    PATIENCE = 5

    # url is the root of the instance, api that of the REST API, which clients take as their endpoint, and version the
    # release of GitLab. tokens has a token of each user who has one, by username. ca is the file with the certificate to
    # trust, with the flag --tls-self-signed.
    attr_reader :url, :api, :control, :version, :tokens, :ca

    def initialize(flags)
      @log = Tempfile.new("statuschecks-")
      @input, @output, @process = Open3.popen2(environment, Statuschecks.program, *flags, err: @log)
      @log.unlink # Windows does it only when the mock has ended, with close!
      line = @output.gets
      fail_to_start unless line
      ready = JSON.parse(line)
      @url, @api, @control, @version, @tokens, @ca =
        ready.values_at("url", "api", "control", "gitlab_version", "tokens", "ca")
    end

    # Lets time pass, such as "2m1s". What becomes due on the way has happened when it returns.
    def advance(by)
      advance_clock(by: by)
    end

    # The deliveries to external services, oldest first.
    def deliveries(**query)
      list_deliveries(query)
    end

    # Stops the mock.
    def stop
      @input.close
      # It may stay open, as a fork of this process has its other end as well.
      [Gem.win_platform? ? :KILL : :TERM, :KILL].each do |signal|
        break if @process.join(PATIENCE)

        Process.kill(signal, @process.pid)
      rescue Errno::ESRCH
        break # it has ended meanwhile
      end
      @process.value
      @output.close
      @log.close!
    end

    # Sends a request to the control surface.
    def request(method, path, query: {}, body: nil)
      uri = URI(@control + path)
      uri.query = URI.encode_www_form(query.compact) unless query.compact.empty?
      message = Net::HTTPGenericRequest.new(method, !body.nil?, true, uri)
      if body
        message["Content-Type"] = "application/json"
        message.body = JSON.generate(body)
      end
      # The mock answers when what was asked has happened, and that once.
      options = { read_timeout: nil, max_retries: 0, use_ssl: uri.scheme == "https", ca_file: @ca }
      response = Net::HTTP.start(uri.host, uri.port, nil, **options) { |http| http.request(message) }
      value = response.content_type == "application/json" ? JSON.parse(response.body) : response.body
      return value if response.is_a?(Net::HTTPSuccess)

      raise Error, "#{method} #{path} of the mock: #{response.code} #{reason(value)}"
    rescue SystemCallError, IOError => e
      raise Error, "#{method} #{path} of the mock: it does not answer: #{e.message}"
    end

    private

    # What is for the program as others run it, such as a token or a file of data, is not for the mock.
    def environment
      ENV.keys.grep(/\ASTATUSCHECKS_/).to_h { |name| [name, nil] }
    end

    def fail_to_start
      @process.join(PATIENCE)
      @log.rewind
      told = @log.read
      stop
      raise Error, "the mock did not start:\n#{told}"
    end

    def reason(refusal)
      return refusal.to_s unless refusal.is_a?(Hash)

      [refusal["error"], *refusal["problems"]].join("; ")
    end
  end

  # Starts a mock on a free port of this machine. With a block, the mock runs as long as the block.
  #
  # seed and faults are files, or what would be in them as a Hash. version is the GitLab release to behave as, lag the
  # delay of background jobs and deliveries, features are feature flags of the release, flags are further flags of
  # statuschecks serve.
  def self.start(**options)
    mock = Dir.mktmpdir("statuschecks-") { |folder| Gitlab.new(flags_of(folder, **options)) }
    return mock unless block_given?

    begin
      yield mock
    ensure
      mock.stop
    end
  end

  def self.flags_of(folder, seed: nil, faults: nil, version: nil, lag: nil, features: {}, flags: [])
    check(version: version, lag: lag)
    all = ["serve", "--listen", "127.0.0.1:0", "--log-level", "warn", "--until-stdin-ends"]
    { "seed" => seed, "faults" => faults }.compact.each do |name, document|
      path = document
      if document.is_a?(Hash)
        path = File.join(folder, "#{name}.json")
        File.write(path, JSON.generate(document))
      end
      all.push("--#{name}", path.to_s)
    end
    { "gitlab-version" => version, "lag" => lag }.compact.each { |name, value| all.push("--#{name}", value) }
    features.each { |name, on| all.push("--feature", "#{name}=#{on ? 'on' : 'off'}") }
    all + flags
  end
  private_class_method :flags_of

  # Refuses what would become something else: 18.10 as a number is 18.1.
  def self.check(**texts)
    texts.compact.each do |name, value|
      raise ArgumentError, "#{name} must be a String, in quotes" unless value.is_a?(String)
    end
  end
  private_class_method :check
end
