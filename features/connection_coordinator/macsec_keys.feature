Feature: MACsec keys
  Each channel has a MACsec manager, which puts a new key onto its own router, hands it to the other side and deletes
  the old one when both use the new one. One channel of an interconnect is rotated at a time, and then none for two hours.

  Background:
    Given the providers share the inventory "macsec-split"

  @CC-MACSEC-001 @csp-a
  Rule: Only the channel's MACsec manager rotates its keys
    Scenario: a key from who does not manage the channel
      When its peer hands over the key "K1" for the target's first channel
      Then the target answers 409, or 403 (CC-MACSEC-001/1)
      And the target does not have the key "K1" (CC-MACSEC-001/1)

    Scenario: a deletion by who does not manage the channel
      When its peer deletes the first key of the target's first channel
      Then the target declines (CC-MACSEC-001/2)
      And the target still has the first key, active (CC-MACSEC-001/2)

    Scenario: a key from the manager
      When its peer hands over the key "K1" for its first channel
      Then the target takes it (CC-MACSEC-001/3)

  @CC-MACSEC-002 @csp-a @csp-b
  Rule: A key is handed over that stands by already; the server stamps it
    Scenario: the target's key, as it is handed over
      When the target is about to hand over a key for its first channel
      Then that key stands by at the target (CC-MACSEC-002/1)

    Scenario: the peer's key is configured
      When its peer hands over the key "K1" for its first channel
      Then the target takes it, under its name (CC-MACSEC-002/2)
      And the target has the key "K1", active at last (CC-MACSEC-002/2)

    Scenario Outline: <what> is refused
      When its peer hands over <what> for its first channel
      Then the target declines (CC-MACSEC-002/3)
      And the target has only the first key (CC-MACSEC-002/3)

      Examples:
        | what                       |
        | a key without an ID        |
        | a key without a CAK        |
        | a key without a CKN        |
        | a key with an odd CAK      |
        | a key with a CAK of letters |
        | a key with a CKN of letters |

    Scenario: an ID in use
      When its peer hands over the first key's ID for its first channel
      Then the target answers 409 (CC-MACSEC-002/3)
      And the target has only the first key (CC-MACSEC-002/3)

    Scenario: the moment of acceptance
      When its peer hands over the key "K1" of the year 2000, active, for its first channel
      Then the target dates the key "K1" itself, and does not call it active yet, or declines (CC-MACSEC-002/4)

    Scenario: one after the other
      When its peer hands over the key "K1" for its first channel
      And 10 seconds pass
      And its peer hands over the key "K2" for its first channel of ix2
      Then the later key has the later startTime (CC-MACSEC-002/5)

  @CC-MACSEC-003 @csp-a @csp-b
  Rule: At most two keys per channel and N+1 per interconnect
    Scenario: a third key
      When its peer hands over the key "K1" for its first channel
      And its peer hands over the key "K2" for its first channel
      Then the target declines (CC-MACSEC-003/1)

    Scenario: a sixth key on four channels
      When its peer hands over the key "K1" for its first channel
      And its peer hands over the key "K2" for its second channel
      Then the target declines (CC-MACSEC-003/2)

    Scenario: a fifth key on four channels
      Given the first channel of its peer was rotated
      When 125 minutes pass
      And its peer hands over the key "K2" for its second channel
      Then the target takes it (CC-MACSEC-003/3)

  @CC-MACSEC-004 @csp-a @csp-b
  Rule: One channel of an interconnect in rotation at a time
    Scenario: another channel
      When its peer hands over the key "K1" for its first channel
      And its peer hands over the key "K2" for its second channel
      Then the target answers 409 (CC-MACSEC-004/1)

    Scenario: a channel of another interconnect
      When its peer hands over the key "K1" for its first channel
      And its peer hands over the key "K2" for its second channel of ix2
      Then the target takes it (CC-MACSEC-004/2)

    @CC-MACSEC-005
    Scenario: two channels of the target
      When the operator of the target rotates both its channels
      And 300 minutes pass
      Then the target rotates one after the other (CC-MACSEC-004/3)
      And more than two hours are between (CC-MACSEC-005/3)

  @CC-MACSEC-005 @csp-a @csp-b
  Rule: Two hours of bake time after a rotation
    Scenario Outline: an hour later
      Given the first channel of its peer was rotated
      When 60 minutes pass
      And its peer hands over the key "K2" for its <which> channel
      Then the target answers 409 (CC-MACSEC-005/1)

      Examples:
        | which  |
        | first  |
        | second |

    Scenario: two hours later
      Given the first channel of its peer was rotated
      When 125 minutes pass
      And its peer hands over the key "K2" for its second channel
      Then the target takes it (CC-MACSEC-005/2)

  @CC-MACSEC-006 @csp-a @csp-b
  Rule: Exactly one active key
    Scenario: the switch-over
      When its peer hands over the key "K1" for its first channel
      And its peer reads the keys of its first channel again and again
      Then never two of them are active, and at last the new one (CC-MACSEC-006/1)

    Scenario: a router that does not take the key
      Given provisioning is held at the target
      When its peer hands over the key "K1" for its first channel
      And 30 seconds pass
      And its peer reads the keys of its first channel
      Then the first key is active, "K1" is not (CC-MACSEC-006/2)

  @CC-MACSEC-007 @csp-a @csp-b
  Rule: GetMacSecKey serves one key
    Scenario: as in the list
      When its peer reads the first key of its first channel
      Then it reads the same as in the list (CC-MACSEC-007/1)
      And no CAK is told (CC-MACSEC-007/3)

    Scenario: of a channel that others manage
      When its peer reads the first key of the target's first channel
      Then no CAK is told (CC-MACSEC-007/3)

    Scenario: an unknown key
      When its peer reads a key of its first channel that nobody made
      Then the target answers 404 (CC-MACSEC-007/2)

    Scenario: a key of another channel
      When its peer hands over the key "K1" for its first channel
      And its peer reads the key "K1" under its second channel
      Then the target answers 404 (CC-MACSEC-007/2)

  @CC-MACSEC-008 @csp-a @csp-b
  Rule: An active key cannot be deleted
    Scenario: the only key
      When its peer deletes the first key of its first channel
      Then the target declines (CC-MACSEC-008/1)
      And the target still has the first key, active (CC-MACSEC-008/1)

    Scenario: the old key
      Given its peer has handed over the key "K1" for its first channel, and it is active
      When its peer deletes the first key of its first channel
      Then the target takes it (CC-MACSEC-008/2)
      When its peer reads the first key of its first channel
      Then the target answers 404 (CC-MACSEC-008/2)

    Scenario: the target's old key
      Given provisioning is held at its peer
      When the operator of the target rotates its first channel
      And 20 seconds pass
      Then the target has deleted no key of its peer (CC-MACSEC-008/3)
      When the provisioning of its peer goes on
      Then the target deletes the first key of its first channel (CC-MACSEC-008/3)

  @CC-MACSEC-010 @csp-a @csp-b
  Rule: The other provider can request a rotation
    Scenario Outline: a request <how>
      When its peer requests a rotation of the target's first channel <how>
      Then the target takes it (CC-MACSEC-010/1)
      And the target hands over a key for that channel (CC-MACSEC-010/1)

      Examples:
        | how              |
        | with a reason    |
        | without a reason |

    Scenario: in the bake time
      Given the operator of the target has rotated its first channel
      When its peer requests a rotation of the target's first channel with a reason
      And 150 minutes pass
      Then the target has rotated again if it said so, and not within two hours (CC-MACSEC-010/2)

    Scenario: at the one who does not manage the channel
      When its peer requests a rotation of its first channel with a reason
      Then the target declines (CC-MACSEC-010/3)
      And the target hands over no key in the end (CC-MACSEC-010/3)

  @CC-MACSEC-011 @csp-a @csp-b
  Rule: Fail closed and roll forward
    Scenario: a key that the peer's router never takes
      Given provisioning is held at its peer
      When the operator of the target rotates its first channel
      Then the target deletes the new key and hands over a further one (CC-MACSEC-011/2)
      And the first key is active at the target (CC-MACSEC-011/2)

    Scenario: every channel
      When its peer reads the channels of ix1 and the keys of each
      Then each channel has a MACsec manager (CC-MACSEC-011/3)
      And each channel has exactly one active key (CC-MACSEC-011/4)

  @CC-MACSEC-012 @csp-a @csp-b
  Rule: Key management is shared and regular
    Scenario: who manages
      When its peer reads the channels of ix1 and the keys of each
      Then each provider manages two of them (CC-MACSEC-012/1)

    Scenario: the cadence
      Given the operator of the target has rotated its first channel
      When days pass until the target hands over a key for it again
      Then the target rotates that channel of its own accord (CC-MACSEC-012/2)

    Scenario: keys from outside
      When its peer hands over the key "K1" for its first channel
      Then the target takes it (CC-MACSEC-012/3)
