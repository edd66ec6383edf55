# frozen_string_literal: true

# Uses the gem as it was installed from its file, with ruby-gitlab.
require "gitlab"
require "statuschecks/rspec"

RSpec.describe "a mock" do
  let(:head) { "141be9714669a4c1ccaa013c6a7f3e462ff2a40f" }

  # Says that it is ready, and ends neither with its standard input nor when it is told to.
  let(:stubborn) { <<~'SCRIPT' }
    #!/bin/sh
    trap '' TERM
    echo '{"url": "'$$'", "api": "", "control": "", "gitlab_version": "", "tokens": {}}'
    exec sleep 600
  SCRIPT

  def client(user = "maintainer")
    Gitlab.client(endpoint: mock_gitlab.api, private_token: mock_gitlab.tokens[user])
  end

  def statuses
    client.get("/projects/6/merge_requests/4/status_checks").map { |c| "#{c.name}: #{c.status}" }
  end

  def ready?(url)
    system("statuschecks", "ready", "--url", url, out: File::NULL, err: File::NULL)
  end

  # The block runs with these variables in the environment.
  def with_env(variables)
    before = ENV.to_h
    ENV.update(variables)
    yield
  ensure
    ENV.replace(before)
  end

  it "is the installed gem" do
    expect(Statuschecks.program).to start_with(ENV.fetch("GEM_HOME"))
  end

  it "lets time pass", :mock_gitlab do
    body = { external_status_check_id: 1, sha: head, status: "pending" }
    client.post("/projects/6/merge_requests/4/status_check_responses", body: body)
    expect(statuses).to eq(["Compliance Tool: pending", "Service 1: passed"])
    expect(mock_gitlab.advance("2m1s")["mode"]).to eq("offset")
    expect(statuses).to eq(["Compliance Tool: failed", "Service 1: passed"])
  end

  it "shows deliveries", :mock_gitlab do
    client.update_merge_request(6, 4, title: "Another")
    mock_gitlab.flush_deliveries
    expect(mock_gitlab.deliveries.map { |d| d["check_id"] }).to eq([1, 2])
    expect(mock_gitlab.deliveries(check: 2).map { |d| d["check_id"] }).to eq([2])
    mock_gitlab.reset
    expect(mock_gitlab.deliveries).to eq([])
  end

  it "starts as the tag says", mock_gitlab: { version: "15.6", features: { only_allow_merge_if_all_status_checks_passed: true } } do
    expect(mock_gitlab.version).to eq("15.6")
    expect(mock_gitlab.get_release["version"]).to eq("15.6")
  end

  it "takes a seed", mock_gitlab: { seed: {
    users: [{ username: "ann", admin: true, tokens: [{ secret: "glpat-ann" }] }],
    groups: [{ path: "tools" }],
    projects: [{ path: "tools/saw" }]
  } } do
    expect(client("ann").project("tools/saw").path_with_namespace).to eq("tools/saw")
    expect(mock_gitlab.export_seed).to include("saw")
  end

  it "says what is wrong", :mock_gitlab do
    expect { mock_gitlab.set_clock(mode: "real", ofset: "2m") }
      .to raise_error(Statuschecks::Error, /400 .*there is no key "ofset"/)
    expect { Statuschecks.start(version: "1.0") }.to raise_error(Statuschecks::Error, /did not start:.*gitlab-version/m)
  end

  it "refuses options that would become something else" do
    expect { Statuschecks.start(version: 18.1) }.to raise_error(ArgumentError, /version must be a String/)
    expect { Statuschecks.start(lag: 5) }.to raise_error(ArgumentError, /lag must be a String/)
  end

  it "takes names with a space, and parameters without a value", :mock_gitlab do
    expect { mock_gitlab.get_fault_plan("a plan") }.to raise_error(Statuschecks::Error, /404 .*"a plan"/)
    expect(mock_gitlab.deliveries(check: nil)).to eq([])
  end

  it "is asked with HTTPS, too", mock_gitlab: { flags: ["--tls-self-signed"] } do
    expect(mock_gitlab.url).to start_with("https:")
    expect(File.read(mock_gitlab.ca)).to include("BEGIN CERTIFICATE")
    expect(mock_gitlab.advance("1s")["mode"]).to eq("offset")
  end

  it "says that it is gone" do
    mock = Statuschecks.start(&:itself)
    expect { mock.reset }.to raise_error(Statuschecks::Error, %r{POST /reset of the mock: it does not answer: })
  end

  it "ends with its process" do
    script = 'require "statuschecks"; puts Statuschecks.start.url; $stdout.flush; exit!(0)'
    url = IO.popen(["ruby", "-e", script], &:read).strip
    expect(ready?(url)).to be(false)
  end

  it "does not take what the environment of the tests says" do
    Dir.mktmpdir do |folder|
      with_env("STATUSCHECKS_CONTROL_TOKEN" => "for-another-mock", "STATUSCHECKS_DATA" => "#{folder}/data") do
        Statuschecks.start { |mock| expect(mock.get_clock["mode"]).to eq("real") }
      end
      expect(Dir.children(folder)).to be_empty
    end
  end

  it "stops although a fork has the pipe" do
    stub_const("Statuschecks::Gitlab::PATIENCE", 0.2)
    mock = Statuschecks.start
    fork = Process.fork { sleep }
    begin
      mock.stop
    ensure
      Process.kill(:KILL, fork)
      Process.wait(fork)
    end
    expect(ready?(mock.url)).to be(false)
  end

  it "stops although it does not end when it is told to" do
    stub_const("Statuschecks::Gitlab::PATIENCE", 0.2)
    Dir.mktmpdir do |folder|
      program = "#{folder}/program"
      File.write(program, stubborn)
      File.chmod(0o700, program)
      mock = with_env("MOCK_GITLAB_PROGRAM" => program) { Statuschecks.start }
      expect(Process.kill(0, mock.url.to_i)).to eq(1)
      mock.stop
      expect { Process.kill(0, mock.url.to_i) }.to raise_error(Errno::ESRCH)
    end
  end

  it "leaves no file behind" do
    Dir.mktmpdir do |folder|
      with_env("TMPDIR" => folder) do
        Statuschecks.start(seed: { users: [{ username: "ann", admin: true }] }) do
          expect(Dir.children(folder)).to be_empty unless Gem.win_platform?
        end
        expect(Dir.children(folder)).to be_empty
        expect { Statuschecks.start(version: "1.0") }.to raise_error(Statuschecks::Error, /gitlab-version/)
        expect(Dir.children(folder)).to be_empty
      end
    end
  end

  it "is asked once, and may take its time", :mock_gitlab do
    seen = nil
    allow(Net::HTTP).to receive(:start).and_wrap_original do |start, *args, **options, &block|
      start.call(*args, **options) { |http| block.call(seen = http) }
    end
    mock_gitlab.advance("1s")
    expect([seen.read_timeout, seen.max_retries]).to eq([nil, 0])
  end

  it "is a command" do
    expect(IO.popen(%w[statuschecks version], &:read)).to include("0.1.0")
  end
end
