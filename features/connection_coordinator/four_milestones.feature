@CC-ACT-008
Feature: The four milestones of a connection
  A customer asks one provider for a connection and carries its activation key to the other one. The two negotiate an
  interconnect and the L3 parameters of each channel, provision, and tell each other; then the customer may use it.

  @csp-a
  Scenario: CSP A creates, CSP B accepts, both become active
    When the customer creates a connection of 1000 Mbps in env1 at CSP A
    And the customer accepts the key at CSP B
    Then CSP A shows the connection established (CC-ACT-008/2)
    And CSP B shows the connection established (CC-ACT-008/2 @csp-b)

  @csp-b
  Scenario: CSP B creates, CSP A accepts, both become active
    When the customer creates a connection of 1000 Mbps in env1 at CSP B
    And the customer accepts the key at CSP A
    Then CSP B shows the connection established (CC-ACT-008/2)
    And CSP A shows the connection established (CC-ACT-008/2 @csp-a)
