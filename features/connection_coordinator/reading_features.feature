@CC-FEAT-021 @CC-FEAT-022 @csp-b
Feature: Reading features
  A provider reads the features of a connection at its peer, one of them or all, whoever negotiated them.

  Background:
    Given the harness has placed a connection on ix1 of the target
    And the channels ch1, ch2, ch3, ch4 of the connection are agreed

  @CC-FEAT-021
  Rule: GetFeature shows one feature

    Scenario: an agreed one
      When its peer reads the feature of ch1 at the target
      Then the target shows the feature of ch1 as it was agreed (CC-FEAT-021/1)

    Scenario: an id that is unknown
      When its peer reads a feature at the target that nobody made
      Then the target answers 404 to this reading (CC-FEAT-021/2)

    Scenario: the id of another connection's feature
      Given the target holds another connection of its peer on ix1, without features
      When its peer reads the feature of ch1 under the other connection
      Then the target answers 404 to this reading (CC-FEAT-021/2)

  @CC-FEAT-022
  Rule: ListFeatures shows all features of a connection

    Scenario: one on a page
      When its peer lists the features of the connection, 1 on a page
      Then the target lists a feature on each of ch1, ch2, ch3, ch4 (CC-FEAT-022/1)

    Scenario: a connection without features
      Given the target holds another connection of its peer on ix1, without features
      When its peer lists the features of the other connection
      Then the target lists no feature (CC-FEAT-022/2)

    Scenario: a connection that nobody knows
      When its peer lists the features of a connection that nobody knows
      Then the target answers 404 to this reading (CC-FEAT-022/3)
