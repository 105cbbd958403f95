@CC-IX-006
Feature: The customer's choice
  A connection realises one explicit request: its bandwidth and its environment are the customer's. Interconnect,
  channels, VLAN, subnets and MTU are the providers' affair, and a customer never sees an interconnect.

  @csp-a @csp-b
  Rule: The customer chooses bandwidth and environment only

    Scenario: reading the connection
      Given a connection of 1000 Mbps is established, created at CSP A
      When the customer of the target reads the connection
      Then what the customer of the target read names no interconnect and no channel (CC-IX-006/1)

    Scenario: wanting an interconnect
      Given the providers share the inventory "unequal-rooms"
      When a customer wants a connection of the target on interconnect ix1
      Then the target refused the hint, or the connection went to ix2 (CC-IX-006/2)

    Scenario: wanting L3 parameters
      When a customer wants a connection of the target with a VLAN, a subnet and an MTU
      Then the target refused the hint, or the negotiated values are others (CC-IX-006/3)

    Scenario: bandwidth and environment in the end
      Given a connection of 10000 Mbps is established, created at CSP A
      When both customers read the connection
      Then the key, both copies and both customers' views say the same (CC-IX-006/4)

  @csp-a @csp-b
  Rule: The customer gets the bandwidth that it chose, or none

    Scenario: only a smaller size would fit
      Given the providers share the inventory "nine-left"
      And a customer of its peer holds an activation key for 10000 Mbps in env1
      And a second key for 1000 Mbps of which the customer of the target has made a connection
      When the customer of the target submits the key although only a smaller size would fit
      Then the target tells of a failure and makes no smaller connection (CC-IX-006/5)
