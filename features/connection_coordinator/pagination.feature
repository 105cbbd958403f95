@CC-PAGE-001 @CC-PAGE-002 @csp-a @csp-b
Feature: Pagination
  A list call returns at most as many items as the caller wants, and a token as long as more follow. With the tokens the
  caller gets every item once; a token is good for its own list and caller only.

  Rule: Environments, interconnects and channels

    Background:
      Given the providers share the inventory "five-of-each"

    Scenario: the first page of static resources
      When its peer asks the target for environments, interconnects and channels in pages of 2
      Then each first page holds at most 2 items and a token (CC-PAGE-001/1)

    Scenario: static resources without a page size
      When its peer asks the target for environments, interconnects and channels without a page size and with 0
      Then the target lists by its default (CC-PAGE-001/2)

    Scenario: static resources with page sizes that are none
      When its peer asks the target for environments, interconnects and channels with the page size -1 and a text
      Then the target refuses each of these lists (CC-PAGE-001/3)

    Scenario: all pages of static resources
      When its peer pages through environments, interconnects and channels of the target with page sizes 1, 2, 5 and 100
      Then the same 5 items are there each time, none twice, and the pages end (CC-PAGE-001/4)

    Scenario: a token that is garbage, for static resources
      When its peer uses the page token garbage for environments, interconnects and channels of the target
      Then the target refuses each of these lists (CC-PAGE-002/1)

  Rule: Connections and features

    Background:
      Given the providers share the inventory "five-of-each"
      And the target holds 5 connections of its peer on ix1
      And the last of them has 5 features

    Scenario: the first page of connections and features
      When its peer asks the target for connections and features in pages of 2
      Then each first page holds at most 2 items and a token (CC-PAGE-001/1)

    Scenario: connections and features without a page size
      When its peer asks the target for connections and features without a page size and with 0
      Then the target lists by its default (CC-PAGE-001/2)

    Scenario: connections and features with page sizes that are none
      When its peer asks the target for connections and features with the page size -1 and a text
      Then the target refuses each of these lists (CC-PAGE-001/3)

    Scenario: all pages of connections and features
      When its peer pages through connections and features of the target with page sizes 1, 2, 5 and 100
      Then the same 5 items are there each time, none twice, and the pages end (CC-PAGE-001/4)

    Scenario: connections that come and go between pages
      When its peer pages through the connections of the target while one is added and one is deleted
      Then no connection that was there throughout is lost or repeated (CC-PAGE-001/5)

    Scenario: a token that is garbage, for connections and features
      When its peer uses the page token garbage for connections and features of the target
      Then the target refuses each of these lists (CC-PAGE-002/1)

    Scenario: a token of another interconnect
      When its peer uses a page token of the connections on ix1 for those on ix2
      Then the token is refused, or yields only what is on ix2 (CC-PAGE-002/2)

    Scenario: a token with another page size
      When its peer goes on with a page token and another page size
      Then the page size is refused, or all 5 connections come once (CC-PAGE-002/4)

  Rule: Issues and comments

    Background:
      Given the target holds 5 issues of its peer, the last with 5 comments

    Scenario: the first page of issues and comments
      When its peer asks the target for issues and comments in pages of 2
      Then each first page holds at most 2 items and a token (CC-PAGE-001/1)

    Scenario: issues and comments without a page size
      When its peer asks the target for issues and comments without a page size and with 0
      Then the target lists by its default (CC-PAGE-001/2)

    Scenario: issues and comments with page sizes that are none
      When its peer asks the target for issues and comments with the page size -1 and a text
      Then the target refuses each of these lists (CC-PAGE-001/3)

    Scenario: all pages of issues and comments
      When its peer pages through issues and comments of the target with page sizes 1, 2, 5 and 100
      Then the same 5 items are there each time, none twice, and the pages end (CC-PAGE-001/4)

    Scenario: a token that is garbage, for issues and comments
      When its peer uses the page token garbage for issues and comments of the target
      Then the target refuses each of these lists (CC-PAGE-002/1)

  Rule: Another partner's token

    Scenario: a token that the target gave to somebody else
      Given the providers share the inventory "three-partners"
      When its peer uses the page token that csp-c got for its channels
      Then the token is refused, or yields only channels of its peer (CC-PAGE-002/3)

    Scenario: a token that the target gave to somebody else for issues
      Given the providers share the inventory "three-partners"
      When its peer uses the page token that csp-c got for its issues
      Then the token is refused, or yields only issues of its peer (CC-PAGE-002/3)
