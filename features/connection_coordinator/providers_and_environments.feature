@CC-PROV-001 @CC-PROV-002 @CC-PROV-003 @CC-ENV-001 @CC-ENV-002 @CC-ENV-003 @CC-ENV-004 @CC-ENV-005 @CC-ENV-006
@csp-a @csp-b
Feature: Providers and environments
  A provider calls its peer under its own provider ID and reads there what the two have agreed on out of band: the
  environments, each of which joins one site of either provider and offers bandwidth at discrete tiers.

  Rule: Calls go under the caller's own provider ID

    Scenario: a connection is driven through all milestones
      Given a connection of 1000 Mbps is established, created at CSP A
      Then every call of the target went under its own provider ID (CC-PROV-001/1)
      And no call of the target went below the provider of its peer (CC-PROV-001/2)

  Rule: The caller is shown its own and the server's provider, no other partner

    Background:
      Given the providers share the inventory "three-partners"

    Scenario: listing providers
      When its peer lists the providers of the target
      Then the target shows the two providers and no other partner (CC-PROV-002/1)
      And the list is called environments or providers (CC-PROV-002/2)

    Scenario: listing providers without credentials
      When an unauthenticated caller lists the providers of the target
      Then the target answers 401 or 403 and names no provider (CC-PROV-002/3)

    Scenario: reading the caller's own provider
      When its peer reads its own provider at the target
      Then the target shows the provider of its peer (CC-PROV-003/1)

    Scenario: reading the server's provider
      When its peer reads the provider of the target
      Then the target shows itself with a name for end users (CC-PROV-003/2)

    Scenario: reading the provider of somebody else
      When its peer reads the provider of another partner and one that does not exist
      Then the target answers both alike, as if neither existed (CC-PROV-003/3)

  Rule: A further provider ID is reached as long as it is granted

    Background:
      Given the providers share the inventory "three-partners"

    Scenario: it is granted
      Given the operator of the target has granted csp-c to its peer
      When its peer reads the environments of csp-c at the target
      Then the target shows the environments of csp-c and nothing else (CC-PROV-003/4)

    Scenario: it is not granted
      When its peer reads the environments of csp-c at the target
      Then the target answers this with 403 or 404 (CC-PROV-003/5)

    Scenario: it is revoked
      Given the operator of the target has granted csp-c to its peer
      And the operator of the target has revoked csp-c again
      When its peer reads the environments of csp-c at the target
      Then the target answers this with 403 or 404 (CC-PROV-003/5)

  Rule: Environments are those that the two share

    Background:
      Given the providers share the inventory "two-environments"

    Scenario: listing environments
      When its peer pages through the environments of the target
      Then the pages hold env1, env2, each once, under the provider of its peer (CC-ENV-001/1)

    Scenario: reading an environment
      When its peer reads env1 of the target, and the list
      Then both representations are equal (CC-ENV-002/1)
      And its sites are one of each provider (CC-ENV-002/3)
      And each of its sites is named (CC-ENV-002/4)
      And its sizes are distinct positive numbers (CC-ENV-003/1)
      And its visibility is absent, public or private (CC-ENV-004/2)
      And its apiUri is the endpoint of the peer or absent (CC-ENV-006/1)

    Scenario: reading an environment that was never agreed
      When its peer reads env-nowhere of the target
      Then the target knows no such environment (CC-ENV-002/2)

    Scenario: two environments of the same pair
      When its peer reads env1, env2 of the target
      Then the two differ in a site (CC-ENV-002/5)

    Scenario: what a customer may choose from
      When its peer reads env1, env2 of the target
      And a customer of the target asks what is offered
      Then each environment is offered with exactly its own sizes (CC-ENV-003/2)

  Rule: An environment is reached where its apiUri says

    Scenario: two environments with endpoints of their own
      Given the providers share the inventory "two-endpoints"
      When the customer of the target accepts a key of its peer in env1, and one in env2
      Then the calls of the target about env1, env2 arrive each at its own endpoint (CC-ENV-006/2)

  Rule: Static resources are read-only and the same on both sides

    Scenario: writing to them
      When its peer tries to write each static resource of the target
      Then no write is served and nothing has changed (CC-ENV-005/1)

    Scenario: comparing the two copies
      Given the providers share the inventory "two-environments"
      When each side lists what the two have agreed on
      Then both list the same environments (CC-ENV-001/2)
      And both show equal sizes, states and managers (CC-ENV-005/2)
