@FI-AUTH-011 @FI-AUTH-012 @FI-INPUT-006 @op1 @op2
Feature: Addresses and limits
  Where an operator is called was agreed out of band, and no message changes it; an address is protected unless it says
  otherwise. Whoever asks too often may be told so, and loses nothing.

  Rule: No message changes where an operator is called

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And its peer has been admitted by the target, speaking by hand

    Scenario: a repeated add names a third place
      When its peer and a stranger repeat the add with the third operator's address
      And the target is asked further to create the zone "later-zone-01"
      Then in the end it holds that the target refuses each, without effect; the target sends its peer one notification of "later-zone-01"; the target sends nothing to the third operator (FI-AUTH-012/1)

    Scenario: an update names a third place
      Given the target has added its peer
      When its peer sends updates with the third operator's address in every member that could be one
      And the target is asked further to create the zone "later-zone-01"
      Then in the end it holds that the target answers each with 2xx or 4xx; the target sends its peer one notification of "later-zone-01"; the target sends nothing to the third operator (FI-AUTH-012/2)

  Rule: An address without a scheme is protected

    Scenario: the connection begins with TLS
      Given its peer is at a host and port that we watch
      When the target is asked to add its peer there
      Then the target opens TLS connections only (FI-AUTH-011/1)

    Scenario: a certificate that there is no reason to trust
      Given its peer is at a host and port that we watch, behind a certificate that nobody vouches for
      When the target is asked to add its peer there
      Then the target sends no request there, and reports the failure (FI-AUTH-011/2)

  Rule: A limit of requests costs nothing but time

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And the target has added its peer

    Scenario: a partner asks very often
      When its peer notifies 100 zones at once, and those that were refused for their number again after a pause
      Then the target knows each zone whose notification it accepted, and accepts the others after the pause (FI-INPUT-006/1)

    Scenario: a stranger asks very often in a partner's name
      When a stranger sends 100 adds in its peer's name without a key, and then its peer a correct one
      Then the target accepts the peer's own within a minute (FI-INPUT-006/2)
