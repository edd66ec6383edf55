# frozen_string_literal: true

require "rspec/core"
require_relative "mock"

module Statuschecks
  # Gives examples with the tag mock_gitlab a mock of their own. The tag may have the arguments of Statuschecks.start.
  module RSpecHelper
    attr_reader :mock_gitlab
  end
end

RSpec.configure do |config|
  config.include Statuschecks::RSpecHelper, :mock_gitlab
  config.around(:example, :mock_gitlab) do |example|
    options = example.metadata[:mock_gitlab]
    Statuschecks.start(**(options == true ? {} : options)) do |mock|
      @mock_gitlab = mock
      example.run
    end
  end
end
