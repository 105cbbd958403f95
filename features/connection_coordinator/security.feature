@CC-SEC-002 @CC-SEC-003 @CC-SEC-005 @CC-SEC-006 @csp-a @csp-b
Feature: Security between the providers
  Every call is authenticated, and a caller reaches only what is under its own provider ID. Keys are not disclosed and
  cannot be guessed.

  Rule: Every operation authenticates the caller

    Background:
      Given the target holds a connection of its peer with a feature

    Scenario: strangers
      When every operation of the target is called without and with wrong credentials
      Then the target refuses each with 401 or 403, tells nothing and changes nothing (CC-SEC-002/1)

    Scenario: the peer with its credentials
      When its peer calls each operation of the target with a valid request
      Then the target serves each operation (CC-SEC-006/1)

    Scenario: a known partner that is not enabled
      When its peer calls every operation of the target while it is not enabled
      Then the target refuses each with 401 or 403, tells nothing and changes nothing (CC-SEC-002/2)

    Scenario: a partner that is enabled again
      When its peer calls every operation of the target while it is not enabled
      And its peer is enabled and calls each operation of the target with a valid request
      Then the target serves each operation (CC-SEC-002/2)

  Rule: A caller reaches only resources under its own provider prefix

    Background:
      Given the providers share the inventory "three-partners"
      And the target holds a connection of csp-c

    Scenario: under the prefix of another partner
      When its peer calls every operation of the target under the prefix of csp-c, and under one that does not exist
      Then the target answers 403 or 404, the same to both, and nothing changes (CC-SEC-003/1)

    Scenario: under its own prefix, with an environment of the same ID
      When its peer reads environments, interconnects and connections of the target
      Then the target shows only what belongs to its peer (CC-SEC-003/2)

    Scenario Outline: bodies that name resources of <owner>
      Given the harness has placed a connection on ix1 of the target
      When its peer sends features and issues whose bodies name resources of <owner>
      Then the target <answer> each of them (CC-SEC-003/3)

      Examples:
        | owner    | answer  |
        | csp-c    | refuses |
        | its peer | takes   |

    Scenario: paths with traversal and encoded separators
      When its peer sends paths with traversal and encoded separators to the target
      Then the target refuses each of these paths and shows nothing of csp-c (CC-SEC-003/4)

  Rule: Keys are neither disclosed nor guessed

    Background:
      Given the target holds a connection of its peer with a feature

    Scenario: guessed UUIDs
      When its peer asks the target to confirm keys of guessed UUIDs
      Then the target confirms none of them, with answers of one shape (CC-SEC-005/2)

    Scenario: reading connections
      When its peer reads the connection and the list of connections
      Then the target shows no activation key, or only that of the connection itself (CC-SEC-005/3)

  Rule: Unknown members do not change the meaning of a request

    Scenario: requests with a member that nobody knows
      Given the target holds a connection of its peer with a feature
      When its peer sends requests with a member that nobody knows to the target
      Then the target ignores the member everywhere, or refuses it everywhere (CC-SEC-006/3)

  Rule: No request makes the target fail

    Scenario: requests that are spoiled in many ways
      Given the target holds a connection of its peer with a feature
      When its peer sends each operation to the target 8 times, its parameters and bodies spoiled
      Then the target answers each of them without a failure of its own, and goes on (CC-SEC-006/2)
