@CC-FEAT-006 @CC-FEAT-007 @CC-FEAT-008 @CC-FEAT-009 @CC-FEAT-010 @CC-FEAT-011 @CC-FEAT-013 @CC-FEAT-014
@CC-GUIDE-007 @CC-GUIDE-008 @CC-GUIDE-009
Feature: What a feature may hold
  Guidance restricts what a feature may hold, value by value; what it leaves out restricts nothing. VLANs, subnets,
  prefix lengths, MTU and the BGP entries of both providers have limits of their own.

  @csp-a
  Rule: The responder keeps to the guidance that it serves

    Scenario: a subnet inside, outside, and in an exclusion
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet         | answer  |
        | ch1     | 169.254.2.0/30 | agreed  |
        | ch2     | 10.0.0.0/30    | refused |
        | ch2     | 169.254.1.4/30 | refused |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-006/1)

    Scenario: an exclusion inside the proposed subnet
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet         | answer  |
        | ch1     | 169.254.1.0/24 | refused |
        | ch1     | 169.254.2.0/24 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-006/2)

    Scenario: prefix lengths of 29 only
      Given the providers share the inventory "narrow-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet          | answer  |
        | ch1     | 169.254.2.0/29  | agreed  |
        | ch2     | 169.254.2.8/30  | refused |
        | ch2     | 169.254.2.16/28 | refused |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-007/1)

    Scenario: an IPv6 prefix length that is not offered
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | ipv6             | answer  |
        | ch1     | fd20:0:0:1::/125 | refused |
        | ch1     | fd20:0:0:1::/64  | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-007/2)

    Scenario: an IPv4 subnet with host bits set
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet         | answer  |
        | ch1     | 169.254.2.1/30 | refused |
        | ch1     | 169.254.2.0/30 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-008/1)

    Scenario: an IPv6 subnet with host bits set
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | ipv6             | answer  |
        | ch1     | fd20:0:0:1::1/64 | refused |
        | ch1     | fd20:0:0:1::/64  | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-008/2)

    Scenario: an ASN for the responder that it does not offer
      Given connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | asn   | answer  |
        | ch1     | 16550 | agreed  |
        | ch2     | 16551 | refused |
        | ch2     | 0     | refused |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-009/1)

    Scenario: an ASN of 32 bits
      Given the providers share the inventory "wide-asn-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | asn        | answer  |
        | ch1     | 4294967295 | refused |
        | ch1     | 4200000000 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-009/2)

    Scenario: VLANs that nobody may take
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | vlan | answer  |
        | ch1     | 1024 | refused |
        | ch1     | 1    | refused |
        | ch1     | 0    | refused |
        | ch1     | 4095 | refused |
        | ch1     | 5000 | refused |
        | ch1     | 4094 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-010/1)

    Scenario: the lowest VLAN there is
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | vlan | answer |
        | ch1     | 1025 | agreed |
      Then each proposal is answered as said (CC-FEAT-010/2)

    Scenario: VLANs outside the offered range
      Given the providers share the inventory "narrow-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | vlan | answer  |
        | ch1     | 1999 | refused |
        | ch1     | 2011 | refused |
        | ch1     | 2000 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-010/3)

    Scenario: an MTU outside the responder's ranges
      Given the providers share the inventory "narrow-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | mtu  | answer  |
        | ch1     | 9000 | refused |
        | ch1     | 1399 | refused |
        | ch1     | 8500 | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-011/3)

  @csp-a
  Rule: Both providers have one BGP entry

    Background:
      Given connection X is placed on ix1 of CSP A by hand

    Scenario: an entry is missing, doubled or a stranger's
      When CSP B proposes
        | channel | member         | value                                                                   | answer  |
        | ch1     | bgp.1          | (missing)                                                               | refused |
        | ch1     | bgp.0          | (missing)                                                               | refused |
        | ch1     | bgp.1.provider | "providers/csp-a"                                                       | refused |
        | ch1     | bgp.1.provider | "providers/csp-c"                                                       | refused |
        | ch1     | bgp.2          | {"provider": "providers/csp-c", "asn": 64700, "hostIpv4": "169.254.3.3"} | refused |
        | ch1     |                |                                                                         | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-013/1)

    Scenario: hosts that are no hosts of the subnet
      When CSP B proposes
        | channel | subnet         | hosts                     | answer  |
        | ch1     | 169.254.2.4/30 | 169.254.2.5 169.254.2.9   | refused |
        | ch1     | 169.254.2.4/30 | 169.254.2.5 169.254.2.5   | refused |
        | ch1     | 169.254.2.4/30 | 169.254.2.4 169.254.2.5   | refused |
        | ch1     | 169.254.2.4/30 | 169.254.2.5 169.254.2.7   | refused |
        | ch1     | 169.254.2.4/30 | 169.254.2.5 169.254.2.6   | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-013/2)

    Scenario: the password of a refused proposal
      When CSP B proposes
        | channel | subnet      | vlan | member         | value                | answer  |
        | ch1     | 10.0.0.0/30 |      | md5BgpPassword | "a-password-to-find" | refused |
        | ch1     |             | 1024 | md5BgpPassword | "a-password-to-find" | refused |
        | ch1     |             |      | md5BgpPassword | "a-password-to-find" | agreed  |
      Then each proposal is answered as said (CC-FEAT-013/5)
      And no error repeats the password (CC-FEAT-013/5)

  @csp-a
  Rule: IPv6 is optional but comes whole

    Background:
      Given connection X is placed on ix1 of CSP A by hand

    Scenario: no IPv6 at all
      When CSP B proposes
        | channel | answer |
        | ch1     | agreed |
      Then each proposal is answered as said (CC-FEAT-014/1)

    Scenario: half of it
      When CSP B proposes
        | channel | ipv6            | member               | value              | answer  |
        | ch1     | fd20:0:0:1::/64 | ipv6SubnetPrefixLength | (missing)        | refused |
        | ch1     | fd20:0:0:1::/64 | ipv6Subnet           | (missing)          | refused |
        | ch1     | fd20:0:0:1::/64 | bgp.0.hostIpv6       | (missing)          | refused |
        | ch1     | fd20:0:0:1::/64 | bgp.1.hostIpv6       | "fd20:0:0:2::2"    | refused |
        | ch1     |                 | bgp.0.hostIpv6       | "fd20:0:0:1::1"    | refused |
        | ch1     | fd21:0:0:1::/64 |                      |                    | refused |
        | ch1     | fd20:0:0:1::/64 |                      |                    | agreed  |
      Then each proposal is answered as said, and only the agreed ones are stored (CC-FEAT-014/2)

    Scenario: the whole of it
      When CSP B proposes
        | channel | feature | ipv6            | answer |
        | ch1     | l3-six  | fd20:0:0:1::/64 | agreed |
      Then the feature l3-six of X is stored as proposed (CC-FEAT-014/3)

  @csp-a
  Rule: Only what guidance says restricts

    Scenario: no VLAN ranges
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | vlan | answer |
        | ch1     | 1025 | agreed |
        | ch2     | 1099 | agreed |
        | ch3     | 3000 | agreed |
        | ch4     | 4094 | agreed |
      Then each proposal is answered as said (CC-GUIDE-007/1)

    Scenario: no prefix lengths
      Given the providers share the inventory "open-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet          | answer |
        | ch1     | 169.254.8.0/31  | agreed |
        | ch2     | 169.254.8.4/30  | agreed |
        | ch3     | 169.254.8.16/28 | agreed |
        | ch4     | 169.254.16.0/24 | agreed |
      Then each proposal is answered as said (CC-GUIDE-007/2)

    Scenario: another subnet than the preferred one
      Given the providers share the inventory "preferring-guidance"
      And connection X is placed on ix1 of CSP A by hand
      When CSP B proposes
        | channel | subnet         | answer |
        | ch1     | 169.254.3.0/30 | agreed |
        | ch2     | 169.254.2.0/30 | agreed |
      Then each proposal is answered as said (CC-GUIDE-007/4)

    Scenario: whatever lies inside is agreed
      Given connections T, U, V, W and X are placed on ix1 of CSP A by hand
      When CSP B proposes 20 features inside guidance
      Then each proposal is answered as said, and only the agreed ones are stored (CC-GUIDE-008/1)

    Scenario: one value outside is refused
      Given connections T, U, V, W and X are placed on ix1 of CSP A by hand
      When CSP B proposes 20 features with one value outside guidance
      Then each proposal is answered as said, and only the agreed ones are stored (CC-GUIDE-008/2)

  @csp-b
  Rule: The negotiator keeps to the guidance that it got

    Scenario: one small subnet, half of it excluded
      Given CSP A restricts the guidance of ch1
        | member             | value                                                                              |
        | ipv4SubnetGuidance | [{"includeSubnet": "169.254.8.0/29", "excludeSubnets": ["169.254.8.0/30"]}] |
      When a connection is negotiated by CSP B
      Then CSP B proposes the ipv4Subnet "169.254.8.4" for ch1 (CC-FEAT-006/3)

    Scenario: prefixes of 31 only
      Given CSP A restricts the guidance of every channel
        | member                         | value |
        | ipv4AllowedSubnetPrefixLengths | [31]  |
      When a connection is negotiated by CSP B
      Then CSP B proposes the ipv4SubnetPrefixLength 31 for every channel (CC-FEAT-007/3)

    Scenario: addresses have the mask applied
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance, as to ipv4Subnet, ipv6Subnet (CC-FEAT-008/3)

    Scenario: a single ASN is offered
      Given CSP A restricts the guidance of every channel
        | member    | value                              |
        | asnRanges | [{"start": 65010, "stop": 65010}]  |
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance, as to asn, providerBgpConfigs (CC-FEAT-009/3)

    Scenario: the list of VLANs holds used ones
      Given the providers share the inventory "nine-left"
      And CSP A restricts the guidance of every channel
        | member     | value                            |
        | vlanRanges | [{"start": 1100, "stop": 1102}]  |
      And 2 connections were established before, negotiated by CSP A
      When a connection is negotiated by CSP B
      Then CSP B proposes the vlanId 1102 for every channel (CC-FEAT-010/4)

    Scenario: all VLANs of the list are used
      Given the providers share the inventory "nine-left"
      And CSP A restricts the guidance of every channel
        | member     | value                            |
        | vlanRanges | [{"start": 1100, "stop": 1101}]  |
      And 2 connections were established before, negotiated by CSP A
      When a connection is negotiated by CSP B
      Then CSP B proposes no VLAN that is used on its channel (CC-FEAT-010/5)
      And the connection is not established at CSP B (CC-FEAT-010/5)

    Scenario: the highest MTU of both
      Given CSP A restricts the guidance of every channel
        | member    | value                                                            |
        | mtuRanges | [{"start": 1400, "stop": 1500}, {"start": 8500, "stop": 8896}]  |
      When a connection is negotiated by CSP B
      Then CSP B proposes the mtuBytes 8896 for every channel (CC-FEAT-011/1)

    Scenario: no MTU that both support
      Given CSP A restricts the guidance of every channel
        | member    | value                            |
        | mtuRanges | [{"start": 9100, "stop": 9200}]  |
      When a connection is negotiated by CSP B
      Then CSP B proposes no MTU outside either side's ranges (CC-FEAT-011/2)
      And the connection is not established at CSP B (CC-FEAT-011/2)

    Scenario: both providers have an entry, with hosts of the subnet
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance, as to providerBgpConfigs, hostIpv4, hostIpv6 (CC-FEAT-013/3)

    Scenario: guidance without any restriction
      Given CSP A restricts nothing
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance (CC-GUIDE-007/3)
      And CSP B has agreed on ch1, ch2, ch3, ch4 (CC-GUIDE-007/3)

    Scenario: a limit of BGP prefixes
      Given CSP A restricts the guidance of every channel
        | member                      | value |
        | maxReceivedBgpRoutePrefixes | 100   |
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance (CC-GUIDE-009/1)
      And CSP B has agreed on ch1, ch2, ch3, ch4 (CC-GUIDE-009/1)

    Scenario: a preferred subnet that is free
      Given CSP A restricts the guidance of ch1
        | member             | value                                                                              |
        | ipv4SubnetGuidance | [{"includeSubnet": "169.254.0.0/16", "preferredSubnet": "169.254.44.0/30"}] |
      When a connection is negotiated by CSP B
      Then what CSP B proposes is inside guidance, as to ipv4Subnet (CC-GUIDE-007/5)
      And CSP B has agreed on ch1, ch2, ch3, ch4 (CC-GUIDE-007/5)
