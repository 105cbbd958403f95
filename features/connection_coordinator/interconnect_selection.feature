@csp-b
Feature: Interconnect selection
  The negotiator proposes an interconnect by creating the connection on it, the one with most room first. After a 409
  it goes on to another one of the same environment; when nothing fits it cleans up and tells its customer.

  @CC-CONN-001
  Rule: The own copy comes before the question
    Scenario: CSP A looks before it answers
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B, and CSP A looks at its copy before it answers
      Then CSP B held its own copy before it asked (CC-CONN-001/1)

    Scenario Outline: CSP B is killed <moment> its proposal is handled
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B, which is killed <moment> its CreateConnection is handled
      Then no side lists a connection that the other does not (CC-CONN-001/2)

      Examples:
        | moment |
        | before |
        | after  |

  @CC-CONN-008
  Rule: The interconnect with most room is proposed
    Scenario: unequal rooms
      Given the providers share the inventory "unequal-rooms"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B places first on ix2 (CC-CONN-008/1)

    Scenario: the emptiest one does not list the size
      Given the providers share the inventory "missing-size"
      And the customer of CSP A holds the key "K1" for 10000 Mbps in env1
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B places first on ix1 (CC-CONN-008/2)

    Scenario: two equally empty ones
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B places first on ix1 or ix2 (CC-CONN-008/3)

  @CC-IX-005 @csp-a
  Rule: Only ACTIVE interconnects are proposed
    Scenario: the emptiest one is closed
      Given the providers share the inventory "closed-and-pending"
      And the customer of its peer holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at the target and it ends
      Then the target places first on ix1 (CC-IX-005/3)
      And the target never places on any but env1/ix1 (CC-IX-005/3)

    Scenario: all are closed once the key is accepted
      Given the providers share the inventory "standard"
      And the customer of its peer holds the key "K1" for 1000 Mbps in env1
      And the operators of both sides have closed ix1 and ix2
      When the customer accepts "K1" at the target and it ends
      Then the target has given up, kept no copy and told its customer (CC-IX-005/4)

  @CC-CONN-009
  Rule: After a 409 another interconnect of the environment is proposed
    Scenario: the first one is refused
      Given the providers share the inventory "unequal-rooms"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And CSP A answers the first placement with 409
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B goes on to another of ix1, ix2, ix3 (CC-CONN-009/1)
      And CSP B lists the connection once (CC-CONN-009/3)
      And both sides list the connection once (CC-CONN-009/3)

    Scenario: every one is refused, and another environment has room
      Given the providers share the inventory "two-environments"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And CSP A answers every placement with 409
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B never places on any but env1/ix1, env1/ix2 (CC-CONN-009/2)

  @CC-CONN-010
  Rule: Attempts are repeated with a fresh picture, ever more slowly, for at most 60 seconds
    Scenario: 503 each time
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And CSP A answers every placement with 503
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B spaces its attempts ever wider, for at most 60 seconds (CC-CONN-010/1)
      And CSP B refreshes its picture before each new attempt (CC-CONN-010/2)

    Scenario: the best interconnect is closed between two attempts
      Given the providers share the inventory "unequal-rooms"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B, and ix2 is closed after the first attempt
      Then CSP B goes on to another of ix1, ix2, ix3 (CC-CONN-010/3)

  @CC-CONN-011
  Rule: When nothing fits, both sides are cleaned up and the customer is told
    Scenario: every interconnect is refused
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And CSP A answers every placement with 409
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B has given up, kept no copy and told its customer (CC-CONN-011/1)
      And both sides list the connection nowhere (CC-CONN-011/1)

    Scenario: one attempt was stored, but its answer was lost
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And the answer to the first placement is lost
      And CSP A answers 409 to any later placement
      When the customer accepts "K1" at CSP B and it ends
      Then both sides list the connection alike (CC-CONN-011/2)

    Scenario: one attempt was stored, and the first looks at it fail
      Given the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And the answer to the first placement is lost
      And CSP A answers the first 20 looks at the connection with 503
      And CSP A answers 409 to any later placement
      When the customer accepts "K1" at CSP B and it ends
      Then both sides list the connection alike (CC-CONN-011/2)

  @CC-CONN-005
  Rule: A placement takes its bandwidth at the negotiator too
    Background:
      Given the providers share the inventory "one-left"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      And the customer of CSP A holds the key "K2" for 1000 Mbps in env1

    Scenario: the room was filled with CSP A as responder
      When the customer accepts "K1" at CSP B and it ends
      And the customer creates a connection of 1000 Mbps in env1 at CSP B
      Then the offer at CSP B is refused (CC-CONN-005/3)
      When the customer accepts "K2" at CSP B and it ends
      Then the acceptance of "K2" at CSP B is refused for lack of room (CC-CONN-005/3)

    Scenario: the room was not filled
      When the customer creates a connection of 1000 Mbps in env1 at CSP B
      Then the offer at CSP B is accepted (CC-CONN-005/3)

  @CC-CH-006
  Rule: Channels are not numbered one to four
    Scenario: ch1, ch3, ch7 and east-b
      Given the providers share the inventory "odd-channels"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B agrees on one feature for each of ch1, ch3, ch7, east-b (CC-CH-006/1)

    Scenario: five channels
      Given the providers share the inventory "five-channels-only"
      And the customer of CSP A holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at CSP B and it ends
      Then CSP B agrees on at least 4 features, all of ch1, ch2, ch3, ch4, ch5 (CC-CH-006/2)
