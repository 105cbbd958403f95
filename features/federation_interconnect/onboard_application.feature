@FI-APP-001 @FI-APP-002 @FI-APP-003 @FI-APP-004 @FI-APP-005 @FI-APP-010 @FI-APP-012
@FI-ARTIFACT-001 @FI-ARTIFACT-002 @FI-ARTIFACT-003 @FI-ARTIFACT-005 @FI-ARTIFACT-006 @FI-ARTIFACT-007
Feature: Developer onboards application on a federation zone
  OP1 hands the artifact over to OP2, hears that it is there, and onboards the application in a zone that it has
  registered. The documented table ends with the validation at OP2; what follows is its completion.

  @table:onboard-application @op1
  Scenario: the documented table
    When the operators follow the table
      | User Action                                         | OP1                                                                   | OP2                                                                 |
      | Developer onboards application on OP2 zone from OP1 | - validate application data                                           |                                                                     |
      |                                                     | - mark onboarding status as `uploadpending` for this zone in the DB   |                                                                     |
      |                                                     | - upload artifact on partner edge, calls POST  `/operator/artifacts`  |                                                                     |
      |                                                     |                                                                       | - validate federation                                               |
      |                                                     |                                                                       | - upload artifact to OP's registry                                  |
      |                                                     |                                                                       | - notify caller about upload status, calls GET  `/operator/artifact/status` |
      |                                                     | - mark onboarding status as `uploaded` for this zone in the DB        |                                                                     |
      |                                                     | - onboard app, calls POST `/operator/application/onboarding`          |                                                                     |
      |                                                     |                                                                       | - validate federation                                               |
    Then every cell holds

  Rule: OP1 validates the application before it involves OP2

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2

    @op1
    Scenario: application ids that are none
      When OP1 is asked to onboard on "east-zone-01" of OP2 applications with an id that is none
      Then it holds that OP1 refuses each order; OP1 sends nothing; OP1 shows no application (FI-APP-001/1)

    @op1
    Scenario: no version, component or artifact
      When OP1 is asked to onboard on "east-zone-01" of OP2 applications with something lacking
      Then it holds that OP1 refuses each order; OP1 sends nothing; OP1 shows no application (FI-APP-001/2)

    @op1
    Scenario: an application that is complete
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then it holds that the order is accepted (FI-APP-001/3)

    @op1
    Scenario: a zone that is not registered
      When OP1 is asked to onboard an application on "east-zone-02" of OP2
      Then OP1 refuses northbound and sends nothing (FI-APP-002/1)

    @op1
    Scenario: a zone that is not known
      When OP1 is asked to onboard an application on "ghost-0001" of OP2
      Then OP1 refuses northbound and sends nothing (FI-APP-002/2)

    @op1
    Scenario: a zone with an application in it
      Given OP1 was asked to onboard an application on "east-zone-01" of OP2
      When OP1 is asked to deregister "east-zone-01" of OP2
      Then it holds that OP1 deregisters at OP2 only what has no application (FI-APP-002/3)

    @op1
    Scenario: a zone whose application is gone
      Given OP1 was asked to onboard an application on "east-zone-01" of OP2
      When OP1 is asked to deboard the application from "east-zone-01" of OP2
      And OP1 is asked to deregister "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 deregisters at OP2 only what has no application (FI-APP-002/3)

  Rule: The status is uploadpending before the upload starts

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" and "east-zone-02" of OP2

    @op1
    Scenario: the host has the upload in its hands
      Given OP2 will hold its answer to the upload of OP1
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as uploadpending (FI-APP-003/1)

    @op1
    Scenario: another zone keeps its own status
      Given OP1 was asked to onboard an application on "east-zone-01" of OP2
      And OP2 will hold its answer to the upload of OP1
      When OP1 is asked to onboard an application on "east-zone-02" of OP2
      Then it holds that OP1 shows the application in "east-zone-02" of OP2 as uploadpending; OP1 shows the application in "east-zone-01" of OP2 as onboarded (FI-APP-003/2)

    @op1
    Scenario: the host refuses the upload
      Given OP2 will answer every upload of OP1 with 400
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then in the end it holds that the order is reported as failed; OP1 shows the application in "east-zone-01" of OP2 as failed; OP1 sends OP2 no onboarding (FI-APP-003/3)

  Rule: OP1 uploads what the developer handed in

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has added the third operator
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 was asked to register "south-zone-1" of the third operator

    @op1
    Scenario: to the operator of the zone
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then it holds that OP1 sends OP2 one upload (FI-ARTIFACT-001/1)
      And it holds that the content that OP1 uploads to OP2 is unchanged (FI-ARTIFACT-001/2)
      And in the end it holds that OP1 sends nothing to the third operator (FI-ARTIFACT-001/3)

  Rule: OP1 takes the report of the upload over

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 has added the third operator
      And OP1 was asked to register "east-zone-01" of OP2
      And OP2 will take the upload of OP1 and be silent

    @op1
    Scenario: the host reports the upload
      Given OP2 will hold its answer to the onboarding of OP1
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report
      Then it holds that OP1 accepts it; OP1 shows the application in "east-zone-01" of OP2 as uploaded (FI-ARTIFACT-006/1)

    @op1
    Scenario: the host says it again, and again
      Given OP2 will hold its answer to the onboarding of OP1
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report
      And the same bytes come again
      And the same bytes come again
      And ten seconds pass
      Then it holds that OP1 answers each with 2xx or 4xx; OP1 shows the application in "east-zone-01" of OP2 as uploaded; OP1 sends OP2 one onboarding of "east-zone-01" (FI-ARTIFACT-006/2)

    @op1
    Scenario: another partner reports it
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And the third operator sends OP1 by hand a report
      Then it holds that OP1 refuses it, without effect; OP1 shows the application in "east-zone-01" of OP2 as uploadpending (FI-ARTIFACT-006/3)

    @op1
    Scenario: a report without the key
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand reports with a wrong key or a federation id that is nobody's, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-ARTIFACT-006/3)

    @op1
    Scenario: a report of an upload that there was not
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report with the application ghost-app-1
      Then it holds that OP1 refuses it, without effect; OP1 shows the application in "east-zone-01" of OP2 as uploadpending (FI-ARTIFACT-006/4)

    @op1
    Scenario: no report, no onboarding
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And ten seconds pass
      Then it holds that OP1 sends OP2 no onboarding; OP1 shows the application in "east-zone-01" of OP2 as uploadpending (FI-APP-004/1)

    @op1
    Scenario: the upload has failed
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand a report with the status failed
      And ten seconds pass
      Then it holds that OP1 accepts it; OP1 shows the application in "east-zone-01" of OP2 as failed; OP1 sends OP2 no onboarding (FI-ARTIFACT-007/1)

    @op1
    Scenario: a status that is none
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 sends OP1 by hand reports with a status that is none, and then correctly
      Then it holds that OP1 refuses each, without effect (FI-ARTIFACT-007/2)

  Rule: After a failure the developer can start again

    @op1
    Scenario: the second upload is another one
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And OP2 will answer every upload of OP1 with 400
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      And OP2 answers truly again
      And OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 has uploaded to OP2 anew; OP1 shows the application in "east-zone-01" of OP2 as onboarded (FI-ARTIFACT-007/3)

  Rule: OP1 onboards what is uploaded, and follows it to its end

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2

    @op1
    Scenario: after the report, once
      When OP1 is asked to onboard an application on "east-zone-01" of OP2
      Then it holds that OP1 sends OP2 one onboarding of "east-zone-01"; OP1 onboards at OP2 after the report only (FI-APP-004/2)
      And it holds that OP1 onboards at OP2 in its own name (FI-APP-004/3)

    @op1
    Scenario: it takes a while
      Given OP2 will tell OP1 the statuses PENDING, PENDING and ONBOARDED
      When OP1 is asked to onboard an application on "east-zone-01" of OP2, and watched
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as onboarded; OP1 has not shown it in "east-zone-01" as onboarded before OP2 told ONBOARDED (FI-APP-010/1)

    @op1
    Scenario: it fails
      Given OP2 will tell OP1 the statuses FAILED
      When OP1 is asked to onboard an application on "east-zone-01" of OP2, and watched
      Then it holds that the order is reported as failed; OP1 shows the application in "east-zone-01" of OP2 as failed (FI-APP-010/2)

    @op1
    Scenario Outline: an answer that means nothing
      Given OP2 will tell OP1 the statuses <status>
      When OP1 is asked to onboard an application on "east-zone-01" of OP2, and watched
      And up to 25 minutes pass
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as failed; OP1 has never shown it in "east-zone-01" of OP2 as onboarded (FI-APP-010/3)

      Examples:
        | status  |
        | MAYBE   |
        | nothing |

    @op1
    Scenario: it never ends
      Given OP2 will tell OP1 the statuses PENDING
      When OP1 is asked to onboard an application on "east-zone-01" of OP2, and watched
      And up to 25 minutes pass
      Then it holds that OP1 shows the application in "east-zone-01" of OP2 as failed; OP1 asks OP2 for the status at a sensible pace (FI-APP-010/4)
      And no call of OP1 to OP2 is made for an hour (FI-APP-010/4)

  Rule: OP1 removes an application at OP2 before it forgets it

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" and "east-zone-02" of OP2
      And OP1 was asked to onboard an application on "east-zone-01" of OP2

    @op1
    Scenario: the host agrees to the removal
      When OP1 is asked to deboard the application from "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 sends OP2 one deboarding of "east-zone-01"; OP1 shows no application in "east-zone-01" of OP2 (FI-APP-012/1)

    @op1
    Scenario: the host does not agree to the removal
      Given OP2 will answer every deboarding of OP1 with 500
      When OP1 is asked to deboard the application from "east-zone-01" of OP2
      Then it holds that the order is reported as failed; OP1 still shows the application in "east-zone-01" of OP2 (FI-APP-012/2)

    @op1
    Scenario: one of two zones
      Given OP1 was asked to onboard an application on "east-zone-02" of OP2
      When OP1 is asked to deboard the application from "east-zone-01" of OP2
      Then it holds that the order succeeds; OP1 shows no application in "east-zone-01" of OP2; OP1 shows the application in "east-zone-02" of OP2 as onboarded (FI-APP-012/3)
