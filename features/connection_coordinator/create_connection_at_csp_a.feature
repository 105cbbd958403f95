@CC-KEY-001 @CC-KEY-002 @CC-KEY-003 @CC-KEY-004 @CC-KEY-005 @CC-KEY-006 @CC-KEY-007 @CC-KEY-008 @CC-ENV-004 @csp-a
Feature: Create Connection at CSP A
  The customer names the account on the other CSP, the environment and the bandwidth. The result is a pending connection
  and an activation key, which the customer carries to CSP B; no call is made to CSP B.

  Rule: Remote account, environment and bandwidth are needed

    Scenario: a customer names all three
      When customer X asks CSP A for 1000 Mbps in env1
      Then CSP A hands out an activation key for 1000 Mbps in env1 (CC-KEY-001/1)

    Scenario: a customer leaves out one of the three
      When customer X asks CSP A without remote account, without environment and without bandwidth in turn
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-001/2)

    Scenario: an unauthenticated caller names all three
      When an unauthenticated caller asks CSP A for a connection
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-001/3)

    Scenario: the second of two environments between the same CSPs
      Given the providers share the inventory "two-environments"
      When customer X asks CSP A for 1000 Mbps in env2
      Then the key and the pending connection at CSP A name env2 (CC-KEY-001/4)

    Scenario: an environment that does not exist
      When customer X asks CSP A for 1000 Mbps in env-nowhere
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-001/5)

  Rule: Bandwidth is offered at discrete tiers

    Scenario: the larger tier of the environment
      When customer X asks CSP A for 10000 Mbps in env1
      Then CSP A hands out an activation key for 10000 Mbps in env1 (CC-KEY-002/1)

    Scenario: bandwidths that the environment does not list
      When customer X asks CSP A in env1 for each of 2000, 0, -1, 999999 Mbps
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-002/2)

    Scenario: a tier of the other environment only
      Given the providers share the inventory "two-environments"
      When customer X asks CSP A for 2000 Mbps in env1
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-002/3)

  Rule: The issuer makes local checks before it hands out a key

    Scenario: no interconnect has room for the size
      Given the providers share the inventory "one-left-each"
      And all room of CSP A in env1 is taken by connections of 1000 Mbps on ix1, ix2
      When customer X asks CSP A for 1000 Mbps in env1
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-003/1)

    Scenario: one interconnect has room for the size
      Given the providers share the inventory "one-left-each"
      And all room of CSP A in env1 is taken by connections of 1000 Mbps on ix1
      When customer X asks CSP A for 1000 Mbps in env1
      Then CSP A hands out an activation key for 1000 Mbps in env1 (CC-KEY-001/1)

    Scenario: the customer has as many connections as its quota
      Given customer X of CSP A may have 1 connection and has 1
      When customer X asks CSP A for 1000 Mbps in env1
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-003/2)

    Scenario: the customer has fewer connections than its quota
      Given customer X of CSP A may have 2 connections and has 1
      When customer X asks CSP A for 1000 Mbps in env1
      Then CSP A hands out an activation key for 1000 Mbps in env1 (CC-KEY-001/1)

    Scenario: a suspended account
      When customer S asks CSP A for 1000 Mbps in env1
      Then CSP A refuses, hands out no key and keeps nothing (CC-KEY-003/3)

  @csp-b
  Rule: A private environment is there for the admitted customers only

    Background:
      Given the providers share the inventory "private-environment"

    Scenario: the admitted customer
      When customer X asks the target what it offers
      And customer X asks the target for 1000 Mbps in env2
      Then the target offered env2 and hands out a key (CC-ENV-004/1)

    Scenario: another customer
      When customer Y asks the target what it offers
      And customer Y asks the target for 1000 Mbps in env2
      Then the target did not offer env2, refuses and keeps nothing (CC-ENV-004/1)

  Rule: The result is a pending connection and its activation key

    Scenario: the customer reads the new connection
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      When the customer of CSP A reads the connection
      Then the customer of CSP A was told that it is pending (CC-KEY-004/1)

    Scenario: two customers' requests
      When customer X creates 2 connections at CSP A
      Then the 2 keys of CSP A and their UUIDs all differ (CC-KEY-004/2)

    Scenario: a hundred requests
      When customer X creates 100 connections at CSP A
      Then the 100 keys of CSP A and their UUIDs all differ (CC-KEY-008/1)

    Scenario: what the key says
      When customer X asks CSP A for 1000 Mbps in env1 towards account 4711
      Then the key of CSP A states version 1, env1, a UUID, 1000 Mbps and account 4711 (CC-KEY-005/1)
      And the key of CSP A holds no credential, interconnect, channel or BGP detail (CC-KEY-005/2)
      And the key of CSP A is base64 text of the serialised key (CC-KEY-006/1)

  Rule: CSP A makes no call to CSP B until the key comes back

    Scenario: nobody brings the key to CSP B
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      When 10 seconds pass
      Then CSP A stays silent toward its peer about the connection (CC-KEY-007/1)

    Scenario: the customer withdraws the connection
      Given a customer of CSP A holds an activation key for 1000 Mbps in env1
      When the customer of CSP A withdraws the connection before it is placed
      And 10 seconds pass
      Then CSP A stays silent toward its peer about the connection (CC-KEY-007/2)
