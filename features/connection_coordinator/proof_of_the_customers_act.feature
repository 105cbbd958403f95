@CC-SEC-004 @csp-a @csp-b
Feature: Proof of the customer's act
  Who is asked to create, change or delete a connection acts on it only if it can verify that the registered account
  itself caused the call. How that is proved is agreed between the two providers.

  Rule: A call that the registered account caused is carried out

    Background:
      Given the customers of the target prove what they want

    Scenario: a placement
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When its peer sends the placement with the customer's proof
      Then the placement is granted (CC-SEC-004/1)

    Scenario: an update
      Given the connection "K1" was established with proof, created at the target
      When its peer sends the update with the customer's proof
      Then the update is granted (CC-SEC-004/1)

    Scenario: a deletion
      Given the connection "K1" was established with proof, created at the target
      When its peer sends the deletion with the customer's proof
      Then the deletion is granted (CC-SEC-004/1)

  Rule: A call without such proof is refused and changes nothing

    Background:
      Given the customers of the target prove what they want

    Scenario Outline: a placement, with a proof that is <flaw>
      Given a confirmed key "K1" of the target for 1000 Mbps in env1
      When its peer sends the placement with a proof that is <flaw>
      Then the placement is refused and changes nothing (CC-SEC-004/2)

      Examples:
        | flaw                        |
        | of another account          |
        | expired                     |
        | made for another connection |
        | absent                      |

    Scenario Outline: an update, with a proof that is <flaw>
      Given the connection "K1" was established with proof, created at the target
      When its peer sends the update with a proof that is <flaw>
      Then the update is refused and changes nothing (CC-SEC-004/2)

      Examples:
        | flaw                        |
        | of another account          |
        | expired                     |
        | made for another connection |
        | absent                      |

    Scenario Outline: a deletion, with a proof that is <flaw>
      Given the connection "K1" was established with proof, created at the target
      When its peer sends the deletion with a proof that is <flaw>
      Then the deletion is refused and changes nothing (CC-SEC-004/2)

      Examples:
        | flaw                        |
        | of another account          |
        | expired                     |
        | made for another connection |
        | absent                      |

  Rule: Who calls sends the customer's proof along

    Background:
      Given the customers of the target prove what they want

    Scenario: the customer accepts
      Given the customer of its peer holds the key "K1" for 1000 Mbps in env1
      When the customer accepts "K1" at the target, with proof
      Then the target's placement is accompanied by the customer's proof (CC-SEC-004/3)

    Scenario: the customer changes the bandwidth
      Given the connection "K1" was established with proof, created at its peer
      When the customer of the target changes "K1", with proof
      Then the target's update is accompanied by the customer's proof (CC-SEC-004/3)

    Scenario: the customer deletes
      Given the connection "K1" was established with proof, created at its peer
      When the customer of the target deletes "K1", with proof
      Then the target's deletion is accompanied by the customer's proof (CC-SEC-004/3)
