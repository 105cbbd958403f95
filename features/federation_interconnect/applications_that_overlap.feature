@FI-RACE-011 @FI-RACE-012
Feature: Applications, while something else is under way
  A report overtakes the answer to its upload, a zone goes while an application comes: each side ends in one state.

  Rule: The report comes before the answer to the upload

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And OP2 will acknowledge every onboarding of OP1
      And OP2 will tell OP1 the statuses ONBOARDED
      And OP2 will hold its answer to the upload of OP1

    @op1
    Scenario: the report is answered while the upload is open
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report
      Then it holds that OP1 answers it with 2xx, or asks to be told again (FI-RACE-011/1)

    @op1
    Scenario: it was uploaded, and the upload is answered
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report
      And the held request is answered with 200
      And it comes again if it was refused
      And ten seconds pass
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as uploaded, onboarding or onboarded; OP1 sends OP2 one onboarding of "east-zone-01" (FI-RACE-011/2)

    @op1
    Scenario: it had failed, and the upload is answered
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report with the status failed
      And the held request is answered with 200
      And it comes again if it was refused
      And ten seconds pass
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as failed; OP1 sends OP2 no onboarding (FI-RACE-011/3)

    @op1
    Scenario: it was uploaded, and the upload ends with an error
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report
      And the held request is answered with 500
      And it comes again if it was refused
      And up to 25 minutes pass
      Then it holds that OP1 sends OP2 at most one onboarding; OP1 shows the application in "east-zone-01" of OP2 as uploaded, onboarding, onboarded or failed (FI-RACE-011/4)

  Rule: An onboarding meets the end of the registration

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2

    @op2
    Scenario: both at once
      Given OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2
      When OP1 sends OP2 an onboarding and a deregistration of "east-zone-01" at once, round after round
      Then it holds that in each round OP2 onboarded or deregistered (FI-RACE-012/1)

    @op2
    Scenario: while the application is pending
      Given OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2
      And OP2 takes its time for what it provisions
      And OP1 has sent OP2 by hand an onboarding
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then if the request was refused, it holds that OP2 hosts the application of OP1 in "east-zone-01" as PENDING; "east-zone-01" is registered at OP2 by OP1 (FI-RACE-012/2)
      And if the request was accepted, it holds that OP2 hosts no living application of OP1 in "east-zone-01" (FI-RACE-012/2)
      When OP2 goes on with what it provisions
      Then in the end it holds that OP2 hosts no pending application of OP1 in "east-zone-01" (FI-RACE-012/2)

    @op1
    Scenario: the lead is asked to deregister meanwhile
      Given OP2 will hold its answer to the onboarding of OP1
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP1 is asked meanwhile to deregister "east-zone-01" of OP2
      And the held answer goes out
      Then in the end it holds that OP1 sends OP2 no onboarding of "east-zone-01" after its deregistration; OP1 deregisters at OP2 only what has no application (FI-RACE-012/3)
