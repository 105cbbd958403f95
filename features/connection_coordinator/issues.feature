@csp-a @csp-b
Feature: Issues
  An operator opens an issue with the other provider, about a resource that both share or about anything else. The other
  provider keeps it, takes comments, and resolves it; nobody else sees it.

  @CC-ISSUE-001 @CC-ISSUE-003
  Rule: CreateIssue opens an issue
    Scenario: with everything that may be told
      When its peer opens the issue "I1" at the target with all that may be given
      Then the issue is open under the ID that its peer chose (CC-ISSUE-001/1)
      When its peer reads the issue "I1"
      Then everything that was given is echoed (CC-ISSUE-001/2)
      And it is the same as when it was opened (CC-ISSUE-003/1)

    Scenario Outline: a request <wrong>
      When its peer opens an issue at the target <wrong>
      Then the target refuses that (CC-ISSUE-001/3)

      Examples:
        | wrong                               |
        | without a title                     |
        | without a body                      |
        | without an issueId                  |
        | with a priority that nobody defines |

    Scenario: an ID that is in use
      Given its peer has opened the issue "I1" at the target
      When its peer opens the issue "I1" at the target with another title
      Then the target refuses that (CC-ISSUE-001/4)
      When its peer reads the issue "I1"
      Then it is the same as when it was opened (CC-ISSUE-001/4)

    Scenario: members that are the server's
      When its peer opens the issue "I1" at the target with a state, a createTime and a localIssueId of its own
      Then these are ignored, or the target refuses them (CC-ISSUE-001/5)

  @CC-ISSUE-002
  Rule: Preset types are handled, and may demand their context
    Scenario Outline: <type> with what it is about
      Given the harness has placed a connection on ix1 of the target
      When its peer opens an issue of the type <type> at the target, about <contexts>
      Then the target takes it and echoes the contexts (CC-ISSUE-002/1)

      Examples:
        | type               | contexts                            |
        | CONNECTION_ISSUE   | the connection                      |
        | INTERCONNECT_ISSUE | the interconnect                    |
        | UNSPECIFIED        | the interconnect, channel, feature  |
        | UNSPECIFIED        | nothing                             |

    Scenario Outline: <type> without it
      When its peer opens an issue of the type <type> at the target, about nothing
      Then the target takes it, or refuses it with a client error (CC-ISSUE-002/2)

      Examples:
        | type               |
        | CONNECTION_ISSUE   |
        | INTERCONNECT_ISSUE |

    Scenario Outline: a context that names nothing
      When its peer opens an issue at the target whose <kind> has no name
      Then the target refuses that (CC-ISSUE-002/3)

      Examples:
        | kind                 |
        | interconnectContexts |
        | channelContexts      |
        | connectionContexts   |
        | featureContexts      |

    Scenario: a resource of another partner
      Given the providers share the inventory "three-partners"
      And the target holds a connection of csp-c
      When its peer opens an issue at the target about the connection of csp-c
      Then the target refuses it, or keeps the name and tells nothing about it (CC-ISSUE-002/4)

  @CC-ISSUE-003
  Rule: An issue is read by who opened it
    Scenario: an issue that is not there
      When its peer reads an issue of the target that nobody opened
      Then the target answers 404 (CC-ISSUE-003/2)

    Scenario: an issue of another partner
      Given the providers share the inventory "three-partners"
      And csp-c has opened the issue "I3" at the target
      When its peer reads the issue "I3" of csp-c, under its own prefix and under that of csp-c
      Then the target shows it neither way (CC-ISSUE-003/3)
      And csp-c still reads it (CC-ISSUE-003/3)

  @CC-ISSUE-004
  Rule: ListIssues pages through the caller's issues
    Scenario: sixty issues
      Given its peer has opened 60 issues at the target
      When its peer lists the issues at the target to the end, without a page size
      Then no page holds more than 50, and each of the 60 comes once (CC-ISSUE-004/1)

    Scenario: more than a thousand
      Given its peer has opened 1005 issues at the target
      When its peer lists the issues at the target with the page size 5000
      Then the page holds at most 1000 (CC-ISSUE-004/2)

    Scenario: other partners' issues
      Given the providers share the inventory "three-partners"
      And csp-c has opened the issue "I3" at the target
      And its peer has opened the issue "I1" at the target
      When its peer lists the issues at the target to the end, without a page size
      Then its own are there and that of csp-c is not (CC-ISSUE-004/3)

  @CC-ISSUE-005
  Rule: CloseIssue resolves an issue
    Scenario: an open one
      Given its peer has opened the issue "I1" at the target
      When its peer closes the issue "I1"
      Then the issue is closed (CC-ISSUE-005/1)
      When its peer reads the issue "I1"
      Then the issue is closed (CC-ISSUE-005/1)

    Scenario: a closed one
      Given its peer has opened the issue "I1" at the target
      When its peer closes the issue "I1"
      And its peer closes the issue "I1"
      Then the target takes it, or refuses it with a client error (CC-ISSUE-005/2)
      When its peer reads the issue "I1"
      Then the issue is closed (CC-ISSUE-005/2)

    Scenario: one that is not there
      When its peer closes an issue of the target that nobody opened
      Then the target answers 404 (CC-ISSUE-005/3)

  @CC-ISSUE-006 @CC-ISSUE-007
  Rule: Comments
    Scenario: one comment
      Given its peer has opened the issue "I1" at the target
      When its peer comments "x" on the issue "I1"
      Then the comment is returned with what the server adds (CC-ISSUE-006/1)
      And ListComments shows it (CC-ISSUE-006/1)

    Scenario Outline: a comment <wrong>
      Given its peer has opened the issue "I1" at the target
      When its peer comments on the issue "I1" <wrong>
      Then the target refuses that (CC-ISSUE-006/2)

      Examples:
        | wrong                         |
        | without a comment            |
        | with a comment without a body |

    Scenario: on an issue that is not there
      When its peer comments on an issue of the target that nobody opened
      Then the target answers 404 (CC-ISSUE-006/3)

    Scenario: three comments
      Given its peer has opened the issue "I1" at the target
      When its peer comments "one", "two" and "three" on the issue "I1", a moment after each other
      Then ListComments shows them with the newest first (CC-ISSUE-007/1)

    Scenario: sixty comments
      Given its peer has opened the issue "I1" at the target
      When its peer makes 60 comments on the issue "I1"
      Then no page of comments holds more than 50, and each of the 60 comes once (CC-ISSUE-007/2)

    Scenario: of an issue that is not there
      When its peer lists the comments of an issue of the target that nobody opened
      Then the target answers 404 (CC-ISSUE-007/3)
