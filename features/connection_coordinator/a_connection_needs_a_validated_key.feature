@CC-CONN-003 @CC-CONN-004 @csp-a
Feature: A connection needs a validated key
  CSP B proposes the connection on an interconnect. CSP A takes it only for a UUID that it issued, whose key the same
  provider has had confirmed, with the bandwidth and the environment of that key; path and query say which it is.

  Rule: Path and query name the connection

    Background:
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      And CSP B has had the key confirmed

    Scenario: no connectionId
      When CSP B proposes the connection without connectionId and with an empty one
      Then CSP A refuses each proposal and stores nothing (CC-CONN-003/1)

    Scenario: another name in the body
      When CSP B proposes the connection on ix1 under a name on ix2 in the body
      Then CSP A refuses the proposal, or takes it under the name of path and query (CC-CONN-003/2)

    Scenario: an interconnect or an environment that does not exist
      When CSP B proposes the connection on an interconnect and in an environment that do not exist
      Then CSP A refuses each proposal and stores nothing (CC-CONN-003/3)

    Scenario: a body that is none
      When CSP B proposes the connection with bodies that are empty, no JSON, or lack a bandwidth in numbers
      Then CSP A refuses each proposal and stores nothing (CC-CONN-003/4)

  Rule: The key was issued, confirmed, and says the same

    Background:
      Given the providers share the inventory "two-environments"
      And a customer of CSP A holds an activation key for 1000 Mbps in env1

    Scenario: a UUID that CSP A never issued
      When CSP B proposes a connection with a UUID that was never issued
      Then CSP A refuses each proposal and stores nothing (CC-CONN-004/1)

    Scenario: another bandwidth, then the one of the key
      Given CSP B has had the key confirmed
      When CSP B proposes the connection with 10000 Mbps
      Then CSP A refuses each proposal and stores nothing (CC-CONN-004/2)
      When CSP B creates the connection on ix1
      Then CSP A takes the connection (CC-CONN-004/2)

    Scenario: an interconnect of another environment
      Given CSP B has had the key confirmed
      When CSP B proposes the connection on ix3 of env2
      Then CSP A refuses each proposal and stores nothing (CC-CONN-004/3)

    Scenario: a key that was not confirmed
      When CSP B proposes the connection without its activation key in the body
      Then CSP A refuses each proposal and stores nothing (CC-CONN-004/4)
      When CSP B proposes the connection with its activation key in the body
      Then CSP A refuses the proposal, or takes the key for its validation (CC-CONN-004/4)

    Scenario: the activation key of another connection
      Given CSP B has had the key confirmed
      When CSP B proposes the connection with the activation key of another one
      Then CSP A refuses each proposal and stores nothing (CC-CONN-004/5)
