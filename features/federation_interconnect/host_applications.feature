@FI-APP-005 @FI-APP-006 @FI-APP-007 @FI-APP-008 @FI-APP-009 @FI-APP-011
@FI-ARTIFACT-002 @FI-ARTIFACT-003 @FI-ARTIFACT-004 @FI-ARTIFACT-005 @FI-ZDEREG-007 @op2
Feature: OP2 hosts the applications of its partners
  What a partner uploads is kept for this partner alone, and reported; what it onboards in a zone that it has registered
  comes to an end that OP2 tells.

  Rule: OP2 validates the federation of an upload

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP2 has added the third operator
      And OP1 takes note of what OP2 reports

    Scenario: a partner that it shares zones with uploads
      When OP1 sends OP2 by hand an upload
      Then it holds that OP2 accepts it (FI-ARTIFACT-002/1)

    Scenario: an upload with forged identities
      When OP1 sends OP2 by hand uploads with a wrong key or forged identities
      Then in the end it holds that OP2 refuses each, without effect; OP2 holds no artifact of OP1; OP2 sends OP1 no report (FI-ARTIFACT-002/2)

    Scenario: a partner that it only uses zones of uploads
      When the third operator sends OP2 by hand an upload
      Then it holds that OP2 refuses it, without effect; OP2 holds no artifact of the third operator (FI-ARTIFACT-002/3)

  Rule: OP2 keeps the artifact in its registry, for its owner

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And the third operator was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And the third operator takes note of what OP2 reports

    Scenario: an artifact is stored
      When OP1 sends OP2 by hand an upload
      And the operators come to rest
      Then it holds that OP2 accepts it; OP2 holds the artifact of OP1 (FI-ARTIFACT-003/1)

    Scenario: two partners use the same artifact id
      When OP1 and the third operator each send OP2 by hand an upload of the same id, and onboard it
      Then it holds that OP2 accepts each; OP2 holds the artifact of OP1; OP2 holds the artifact of the third operator (FI-ARTIFACT-003/2)

    Scenario: another partner's artifact
      Given OP1 has an artifact at OP2
      When the third operator sends OP2 by hand an onboarding
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of the third operator (FI-ARTIFACT-003/3)

  Rule: Unusable uploads become no artifact

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 takes note of what OP2 reports

    Scenario: something is lacking
      When OP1 sends OP2 by hand uploads with something lacking, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ARTIFACT-004/1)

    Scenario: an application or a descriptor that is none
      When OP1 sends OP2 by hand uploads with an application or a descriptor that is none, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-ARTIFACT-004/2)

    Scenario: an artifact id that some editions have
      When OP1 sends OP2 by hand an upload with the artifact ART_0001-too-long-id
      And the operators come to rest
      Then it holds that OP2 answers it with 2xx or 4xx; OP2 holds no artifact of OP1 under another name (FI-ARTIFACT-004/2)

    Scenario: an archive that climbs out of its directory
      When OP1 sends OP2 by hand an upload with an archive that climbs out
      And the operators come to rest
      Then it holds that OP2 refuses it or reports that it failed; OP2 holds no artifact of OP1 (FI-ARTIFACT-004/3)

  Rule: OP2 reports the outcome of the upload

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports

    Scenario: the artifact is there
      When OP1 sends OP2 by hand an upload
      And the operators come to rest
      Then it holds that OP2 reports the upload as uploaded (FI-ARTIFACT-005/1)
      And it holds that what OP2 sends OP1 carries the key of OP1 (FI-ARTIFACT-005/4)

    Scenario: what is reported can be onboarded
      Given OP1 has an artifact at OP2
      When OP1 sends OP2 by hand an onboarding
      Then it holds that OP2 accepts it (FI-ARTIFACT-005/2)

    Scenario: content that is no archive
      When OP1 sends OP2 by hand an upload with content that is no archive
      And the operators come to rest
      Then it holds that OP2 refuses it or reports that it failed; OP2 never reports to OP1 that it is uploaded (FI-ARTIFACT-005/3)

  Rule: OP2 validates the federation of an onboarding

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP2 has added the third operator
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2

    Scenario: a partner that it shares zones with onboards
      When OP1 sends OP2 by hand an onboarding
      Then it holds that OP2 accepts it (FI-APP-005/1)

    Scenario: an onboarding with forged identities
      When OP1 sends OP2 by hand onboardings with a wrong key or forged identities
      Then it holds that OP2 refuses each, without effect; OP2 hosts nothing of OP1 (FI-APP-005/2)

    Scenario: a partner that it only uses zones of onboards
      When the third operator sends OP2 by hand an onboarding
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of the third operator (FI-APP-005/3)

  Rule: OP2 onboards in zones that the caller has registered

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And the third operator was asked to register "east-zone-02" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2

    Scenario: the zone is not registered
      Given OP1 was asked to deregister "east-zone-01" of OP2
      When OP1 sends OP2 by hand an onboarding of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of OP1 (FI-APP-006/1)

    Scenario: the zone is registered by somebody else
      When OP1 sends OP2 by hand an onboarding of "east-zone-02"
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of OP1 (FI-APP-006/2)

    Scenario: one of two zones does not exist
      When OP1 sends OP2 by hand an onboarding of "east-zone-01" and "ghost-0001"
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of OP1 (FI-APP-006/3)

    Scenario: no region
      When OP1 sends OP2 by hand onboardings with no region, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-APP-006/4)

  Rule: OP2 validates the application and its artifact

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" and "east-zone-02" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2

    Scenario: no application, no details, no components
      When OP1 sends OP2 by hand onboardings with no application, details, components or resource profile, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-APP-007/1)

    Scenario: an artifact that was never uploaded
      When OP1 sends OP2 by hand onboardings with an artifact that was never uploaded, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-APP-007/2)

    Scenario: an artifact whose upload has failed
      Given OP1 has sent OP2 an artifact badart01 that cannot be used
      When OP1 sends OP2 by hand an onboarding with the artifact badart01
      Then it holds that OP2 refuses it, without effect; OP2 hosts nothing of OP1 (FI-APP-007/2)

    Scenario: values outside their syntax
      When OP1 sends OP2 by hand onboardings with a port, a protocol or a memory that is none, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-APP-007/3)

    Scenario: two zones
      When OP1 sends OP2 by hand an onboarding of "east-zone-01" and "east-zone-02"
      Then it holds that OP2 hosts the application of OP1 in "east-zone-01" and "east-zone-02" or refuses it altogether (FI-APP-007/4)

    Scenario: two components
      When OP1 sends OP2 by hand an onboarding with two components
      Then it holds that OP2 hosts the application of OP1 in "east-zone-01" or refuses it altogether (FI-APP-007/4)

  Rule: OP2 stores the application and acknowledges it

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And the third operator was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And the third operator takes note of what OP2 reports
      And OP1 has an artifact at OP2

    Scenario: an onboarding is acknowledged
      When OP1 sends OP2 by hand an onboarding with the requestId r-9
      Then it holds that OP2 acknowledges it; OP2 hosts the application of OP1 in "east-zone-01" as PENDING, ONBOARDED or FAILED (FI-APP-008/1)

    Scenario: the same application again
      Given OP1 has sent OP2 by hand an onboarding
      And the operators are at rest
      When OP1 sends OP2 by hand an onboarding
      Then it holds that OP2 refuses it, without effect; OP2 hosts the application of OP1 in "east-zone-01" as ONBOARDED (FI-APP-008/2)

    Scenario: another partner's application of the same id
      Given OP1 has sent OP2 by hand an onboarding
      And the third operator has an artifact at OP2
      When the third operator sends OP2 by hand an onboarding
      Then it holds that OP2 accepts it; OP2 hosts the application of OP1 in "east-zone-01" as PENDING or ONBOARDED; OP2 hosts the application of the third operator in "east-zone-01" as PENDING or ONBOARDED (FI-APP-008/3)

  Rule: OP2 brings an onboarding to its end and tells it

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2
      And OP1 has sent OP2 by hand an onboarding

    Scenario: it is asked until the end
      When OP1 asks OP2 by hand for the status until it is final
      Then it holds that OP2 tells of "east-zone-01" ONBOARDED or FAILED (FI-APP-009/1)

    Scenario: the end is the end
      Given the operators are at rest
      When OP1 asks OP2 by hand for the status ten times
      Then it holds that OP2 tells of "east-zone-01" ONBOARDED only; the state of OP2 is as before (FI-APP-009/2)

    Scenario: an application that is not there
      When OP1 sends OP2 by hand a status request with the application ghost-app-1
      Then it holds that OP2 tells of no success in "east-zone-01" (FI-APP-009/3)

    Scenario: somebody else asks
      Given the operators are at rest
      When the third operator sends OP2 by hand a status request
      Then it holds that OP2 tells of no success in "east-zone-01" (FI-APP-009/4)

  Rule: OP2 removes an application for its owner only

    Background:
      Given three operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And the third operator has added OP2
      And OP1 was asked to register "east-zone-01" and "east-zone-02" of OP2
      And the third operator was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2
      And OP1 hosts an application at OP2 in "east-zone-01" and "east-zone-02"

    Scenario: from one of two zones
      When OP1 sends OP2 by hand a deboarding of "east-zone-01"
      Then it holds that OP2 accepts it; OP2 hosts no application of OP1 in "east-zone-01"; OP2 hosts the application of OP1 in "east-zone-02" as ONBOARDED (FI-APP-011/1)
      When OP1 sends OP2 by hand a status request
      Then it holds that OP2 tells nothing of "east-zone-01", or no success (FI-APP-011/1)

    Scenario: another partner removes it
      When the third operator sends OP2 by hand a deboarding of "east-zone-01"
      Then it holds that OP2 refuses it, without effect; OP2 hosts the application of OP1 in "east-zone-01" as ONBOARDED (FI-APP-011/2)

    Scenario: it was removed already
      Given OP1 has sent OP2 by hand a deboarding of "east-zone-01"
      When OP1 sends OP2 by hand a deboarding of "east-zone-01"
      Then it holds that OP2 answers it with 2xx or 4xx; OP2 hosts no application of OP1 in "east-zone-01"; OP2 hosts the application of OP1 in "east-zone-02" as ONBOARDED (FI-APP-011/3)

    Scenario: a forged federation id
      When OP1 sends OP2 by hand deboardings of "east-zone-01" with a federation id that is nobody's, and then correctly
      Then it holds that OP2 refuses each, without effect (FI-APP-011/4)

  Rule: A zone with an application in it stays registered

    Background:
      Given the operators have zones and federations, and have arranged to be partners
      And OP1 has added OP2
      And OP1 was asked to register "east-zone-01" of OP2
      And OP1 takes note of what OP2 reports
      And OP1 has an artifact at OP2
      And OP1 has sent OP2 by hand an onboarding
      And the operators are at rest

    Scenario: the caller deregisters it
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then if the request was refused, it holds that "east-zone-01" is registered at OP2 by OP1; OP2 hosts the application of OP1 in "east-zone-01" as ONBOARDED (FI-ZDEREG-007/1)
      And if the request was accepted, it holds that OP2 hosts no application of OP1 in "east-zone-01" (FI-ZDEREG-007/3)

    Scenario: the application was removed
      Given OP1 has sent OP2 by hand a deboarding of "east-zone-01"
      When OP1 sends OP2 by hand a deregistration of "east-zone-01"
      Then it holds that OP2 accepts it; "east-zone-01" is registered at OP2 by nobody (FI-ZDEREG-007/2)
