@CC-SEC-001 @csp-a @csp-b
Feature: Transport security
  All calls between the providers use TLS 1.3 or better, and certificates are verified. Anything less is neither offered
  nor accepted.

  Rule: As a server

    Scenario: TLS 1.3, and what is older
      When handshakes with the target offer TLS 1.3, TLS 1.2, TLS 1.1 and TLS 1.0, one at a time
      Then the one with TLS 1.3 comes about and no other (CC-SEC-001/1)

    Scenario: without TLS
      When the target is asked without TLS where it listens
      Then it gives no answer of the API (CC-SEC-001/2)

  Rule: As a client

    Background:
      Given a customer of its peer holds an activation key for 1000 Mbps in env1

    Scenario: a peer with TLS 1.3
      Given its peer offers TLS 1.3 to the target
      When the customer accepts the key at the target
      Then the target's confirmation reaches its peer (CC-SEC-001/3)

    Scenario Outline: a peer with <guard>
      Given its peer offers <guard> to the target
      When the customer accepts the key at the target
      Then nothing that the target sends is delivered to its peer (CC-SEC-001/3)

      Examples:
        | guard                                 |
        | TLS 1.2                               |
        | a certificate that nobody vouches for |
