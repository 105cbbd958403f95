@CC-SEC-005 @CC-FEAT-013 @csp-a @csp-b
Feature: Key material
  Activation keys, CAKs and BGP passwords are for the two providers and the customer: no error message and no log repeats
  them.

  Background:
    Given the harness has placed a connection on ix1 of the target

  @CC-SEC-005
  Rule: What the target is given stays with it

    Scenario: keys, CAKs and passwords, rightly and wrongly
      When its peer sends the target an activation key, a CAK and a BGP password, rightly and wrongly
      And the operator of the target reads its log
      Then no error and no log of the target repeats any of them (CC-SEC-005/1)

  @CC-FEAT-013
  Rule: A BGP password is kept out of logs and errors

    Scenario: an agreed proposal with a password
      When its peer proposes a feature with a BGP password, and what clashes with it
      And the operator of the target reads its log
      Then the feature with the password is agreed (CC-FEAT-013/4)
      And no error and no log of the target repeats the BGP password (CC-FEAT-013/4)
