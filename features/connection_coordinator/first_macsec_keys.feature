@CC-MACSEC-009 @csp-a @csp-b
Feature: The first MACsec keys
  Channels without any key get their first one, several channels at once.

  Background:
    Given the providers share the inventory "macsec-blank"

  Scenario: four channels at once
    When its peer hands over keys for all its channels at once
    Then the target takes all four (CC-MACSEC-009/1)

  Scenario: ten minutes after a first key, the first key of another channel
    When its peer hands over the key "K1" for its first channel
    And 10 minutes pass
    And its peer hands over the key "K2" for its second channel
    Then the target takes it (CC-MACSEC-009/2)

  Scenario: ten minutes after a first key, the second one
    When its peer hands over the key "K1" for its first channel
    And 10 minutes pass
    And its peer hands over the key "K2" for its first channel
    Then the target answers 409 (CC-MACSEC-009/2)
