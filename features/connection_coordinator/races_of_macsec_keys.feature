@CC-RACE-015 @csp-a @csp-b
Feature: Rotation against rotation

  Background:
    Given the providers share the inventory "macsec-split"

  Scenario: two keys at once
    When its peer hands over keys for both its channels of ix1 at once
    Then the target takes one and answers 409 to the other (CC-RACE-015/1)

  Scenario: both sides at once
    When the target and its peer begin a rotation at once
    And 30 minutes pass
    Then at most one of them is accepted at a time, and one succeeds (CC-RACE-015/2)

  Scenario: the same key again
    When its peer hands over the key "K1" for its first channel
    And its peer hands over the key "K1" for its first channel
    Then the target says the same, or 409 (CC-RACE-015/3)
    And the target has the key "K1" once (CC-RACE-015/3)

  Scenario: the old key's deletion against the switch-over
    When its peer hands over the key "K1" for its first channel
    And its peer deletes the first key of its first channel again and again, and reads
    Then the first key goes only when "K1" is active (CC-RACE-015/4)
