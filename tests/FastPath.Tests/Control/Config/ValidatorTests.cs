using System.Collections.Generic;
using System.Linq;
using FastPath.Api;
using FastPath.Control.Config;
using Xunit;

namespace FastPath.Tests.Control.Config;

public sealed class ValidatorTests
{
    private const string Good = """
        uplinks:
          up: {device: eth9, addresses: [192.0.2.1/24]}
        vteps:
          vt: {address: 192.0.2.1}
        bridges:
          blue: {vni: 100, vtep: vt, remotes: [192.0.2.2], gateway: {addresses: [10.0.0.254/24, "fd00::fe/64"]}}
          red:
        ports:
          web: {device: eth1, bridge: blue}
          lan: {device: eth2, addresses: [10.9.0.1/24]}
          box: {container: {namespace: c1, addresses: [10.0.0.5/24], gateways: [10.0.0.254]}, bridge: red}
        fdb:
          - {bridge: blue, mac: "02:00:00:00:00:01", port: web}
          - {bridge: blue, mac: "02:00:00:00:00:02", remote: 192.0.2.2}
        routes:
          - {prefix: 10.20.0.0/16, via: 10.9.0.9}
          - {prefix: 10.30.0.0/16, type: blackhole}
        neighbors:
          - {interface: lan, address: 10.9.0.9, mac: "02:00:00:00:00:09"}
        punt: {hostAddresses: [169.254.1.1/30], addresses: [169.254.1.2/30]}
        """;

    /// <summary>One line for each rule: the change to a good document, where the error is, and a part of what it says.</summary>
    public static TheoryData<string, string, string, string> Rules => new()
    {
        // system
        { "system:", "system: {workers: 0}", "/system/workers", "write 1 to 16" },
        { "system:", "system: {workers: 2, processors: [1]}", "/system/processors", "1 processors for 2 workers" },
        { "system:", "system: {workers: 2, processors: [1, 1]}", "/system/processors/1", "has a worker already" },
        { "system:", "system: {workers: 1, processors: [5000]}", "/system/processors/0", "write 0 to 1023" },
        { "system:", "system: {chunkCount: 5000}", "/system/chunkCount", "a power of two from 1024 to 262144" },
        { "system:", "system: {chunkBytes: 3000}", "/system/chunkBytes", "write 2048, 2304, 4032 or 4096" },
        { "system:", "system: {fdbEntries: 1000}", "/system/fdbEntries", "a power of two" },
        { "system:", "system: {neighborEntries: 3}", "/system/neighborEntries", "a power of two" },
        { "system:", "system: {spinMicroseconds: -1}", "/system/spinMicroseconds", "write 0 to 10000" },
        { "system:", "system: {refuseFeatures: [txMetadat]}", "/system/refuseFeatures/0", "did you mean \"txMetadata\"?" },

        // names
        { "red:", "'re d':", "/bridges/re d", "cannot be a name" },
        { "red:", "\"red\\n\":", "/bridges/red\n", "cannot be a name" },
        { "red:", "gateway:", "/bridges/gateway", "is reserved" },
        { "  red:", "  web:", "/bridges/web", "/ports/web has this name already" },

        // ports
        { "device: eth1, bridge: blue", "bridge: blue", "/ports/web", "exactly one of device and container" },
        { "device: eth1,", "device: 'a/b',", "/ports/web/device", "cannot be the name of a device" },
        { "device: eth1,", "device: 'eth%d',", "/ports/web/device", "cannot be the name of a device" },
        { "device: eth1,", "device: \"eth1\\n\",", "/ports/web/device", "cannot be the name of a device" },
        { "device: eth1,", "device: \u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9\u00e9,", "/ports/web/device", "bytes in UTF-8" },
        { "device: eth1,", "device: eth2,", "/ports/lan/device", "belongs to /ports/web/device already" },
        { "device: eth1,", "device: lo,", "/ports/web/device", "is the host's loopback device" },
        { "device: eth1,", "device: eth9,", "/uplinks/up/device", "belongs to /ports/web/device already" },
        { "device: eth1, bridge: blue", "device: eth1", "/ports/web", "exactly one of bridge and addresses" },
        { "device: eth1, bridge: blue", "device: eth1, bridge: bleu", "/ports/web/bridge", "did you mean \"blue\"?" },
        { "device: eth1,", "device: eth1, mtu: 1000,", "/ports/web/mtu", "write 1280 to 65000 bytes" },
        { "device: eth1,", "device: eth1, mac: '02:00:00:00:00:01',", "/ports/web/mac", "a bridged port has no address of its own" },
        { "device: eth2,", "device: eth2, mac: '03:00:00:00:00:01',", "/ports/lan/mac", "is a group address" },
        { "device: eth2,", "device: eth2, mac: '2:0:0:0:0:1',", "/ports/lan/mac", "six two-digit hexadecimal octets" },
        { "device: eth2,", "device: eth2, learning: false,", "/ports/lan/learning", "only bridged ports learn" },
        { "device: eth1,", "device: eth1, checksums: none,", "/ports/web/checksums", "write \"container\" or \"device\"" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.1]", "/ports/lan/addresses/0", "no prefix length" },
        { "addresses: [10.9.0.1/24]", "addresses: [010.9.0.1/24]", "/ports/lan/addresses/0", "without leading zeros" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.0/24]", "/ports/lan/addresses/0", "the network's own address" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.255/24]", "/ports/lan/addresses/0", "the network's broadcast address" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.1/0]", "/ports/lan/addresses/0", "everything" },
        { "addresses: [10.9.0.1/24]", "addresses: [224.0.0.1/24]", "/ports/lan/addresses/0", "a multicast address" },
        { "addresses: [10.9.0.1/24]", "addresses: [127.0.0.1/8]", "/ports/lan/addresses/0", "a loopback address" },
        { "addresses: [10.9.0.1/24]", "addresses: [240.0.0.1/8]", "/ports/lan/addresses/0", "reserved" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.1/24, 10.9.0.1/16]", "/ports/lan/addresses/1", "in this list twice" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.0.0.254/32]", "/bridges/blue/gateway/addresses/0", "lan's address already" },
        { "addresses: [10.9.0.1/24]", "addresses: [10.9.0.1/24, 10.0.0.1/16]", "/bridges/blue/gateway/addresses/0", "overlaps 10.0.0.0/16 of lan" },

        // containers
        { "namespace: c1", "namespace: ''", "/ports/box/container/namespace", "a network namespace is needed" },
        { "namespace: c1", "namespace: run/c1", "/ports/box/container/namespace", "neither a name in /run/netns nor a path" },
        { "namespace: c1", "namespace: c1, interface: toolongforadevice", "/ports/box/container/interface", "1 to 15 characters" },
        { "gateways: [10.0.0.254]", "gateways: [10.1.0.254]", "/ports/box/container/gateways/0", "in no network of this container's addresses" },
        { "gateways: [10.0.0.254]", "gateways: [10.0.0.254, 10.0.0.253]", "/ports/box/container/gateways/1", "a second gateway for IPv4" },
        { "  red:\n", "  red: {mtu: }\n", "/bridges/red/mtu", "is not known here" },

        // uplinks
        { "device: eth9,", "device: eth9, queues: 0,", "/uplinks/up/queues", "write 1 to 64" },
        { "device: eth9,", "device: eth9, mode: zeroCopy,", "/uplinks/up/mode", "zero copy is not implemented" },
        { "device: eth9,", "device: eth9, mode: fast,", "/uplinks/up/mode", "write \"auto\" or \"copy\"" },
        { "device: eth9,", "device: eth9, macs: ['02:00:00:00:00:01', '02:00:00:00:00:01'],", "/uplinks/up/macs/1", "in this list twice" },
        { "device: eth9,", "device: eth9, prefixes: [0.0.0.0/0],", "/uplinks/up/prefixes/0", "all of the host's own traffic" },
        { "device: eth9,", "device: eth9, prefixes: [10.0.0.1/8],", "/uplinks/up/prefixes/0", "did you mean 10.0.0.0/8?" },

        // tunnel end points
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.7}", "/vteps/vt/address", "no uplink and no routed port has 192.0.2.7" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2}", "/vteps/vt/address", "four decimal octets" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1, port: 70000}", "/vteps/vt/port", "write 1 to 65535" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1, ttl: 0}", "/vteps/vt/ttl", "write 1 to 255" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1, sourcePorts: 7}", "/vteps/vt/sourcePorts", "must be a text" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1, sourcePorts: a-b}", "/vteps/vt/sourcePorts", "write first-last" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1, sourcePorts: 1000-1002}", "/vteps/vt/sourcePorts", "must be a power of two" },
        { "vt: {address: 192.0.2.1}", "vt: {address: 192.0.2.1}\n  vu: {address: 192.0.2.1}", "/vteps/vu", "vtep vt has 192.0.2.1 port 4789 already" },

        // bridges
        { "vni: 100,", "vni: 16777216,", "/bridges/blue/vni", "write 1 to 16777215" },
        { "vni: 100,", "", "/bridges/blue/vni", "a bridge with a vtep needs a vni" },
        { "vtep: vt,", "", "/bridges/blue/vtep", "a bridge with a vni needs a vtep" },
        { "vtep: vt,", "vtep: vx,", "/bridges/blue/vtep", "did you mean \"vt\"?" },
        { "remotes: [192.0.2.2]", "remotes: [192.0.2.1]", "/bridges/blue/remotes/0", "is this vtep itself" },
        { "remotes: [192.0.2.2]", "remotes: [192.0.2.2, 192.0.2.2]", "/bridges/blue/remotes/1", "in this list twice" },
        { "  red:", "  red: {remotes: [192.0.2.2]}", "/bridges/red/remotes", "remotes need a vni" },
        { "bridges:\n", "  vu: {address: 192.0.2.1, port: 8472}\nbridges:\n  grey: {vni: 100, vtep: vu}\n", "/bridges/blue/vni", "bridge grey has vni 100 at 192.0.2.1 already" },
        { "  red:", "  red: {vni: 100, vtep: vt}", "/bridges/red/vni", "bridge blue has vni 100 at 192.0.2.1 already" },
        { "  red:", "  red: {agingSeconds: 1}", "/bridges/red/agingSeconds", "write 10 to 86400 seconds" },
        { "  red:", "  red: {gateway: {mtu: 1500}}", "/bridges/red/gateway/addresses", "at least one address" },
        { "  red:", "  red: {gateway: {addresses: [10.7.0.1/24], mtu: 1}}", "/bridges/red/gateway/mtu", "write 1280 to 65000" },

        // fdb
        { "port: web}", "port: lan}", "/fdb/0/port", "port lan is not in bridge blue" },
        { "port: web}", "port: wob}", "/fdb/0/port", "did you mean \"web\"?" },
        { "port: web}", "port: web, remote: 192.0.2.2}", "/fdb/0", "exactly one of port and remote" },
        { "remote: 192.0.2.2}", "remote: 192.0.2.3}", "/fdb/1/remote", "add it to /bridges/blue/remotes" },
        { "02:00:00:00:00:02", "02:00:00:00:00:01", "/fdb/1/mac", "is there already for bridge blue" },
        { "- {bridge: blue, mac: \"02:00:00:00:00:01\"", "- {bridge: blu, mac: \"02:00:00:00:00:01\"", "/fdb/0/bridge", "did you mean \"blue\"?" },

        // routes
        { "via: 10.9.0.9", "via: 10.8.0.9", "/routes/0/via", "10.8.0.9 is in no connected network" },
        { "via: 10.9.0.9", "via: 10.9.0.9, interface: blue", "/routes/0/via", "in no network of blue" },
        { "via: 10.9.0.9", "via: 10.9.0.1", "/routes/0/via", "an address of FastPath itself" },
        { "via: 10.9.0.9", "via: fd00::1", "/routes/0/via", "not of the family" },
        { "via: 10.9.0.9", "interface: red", "/routes/0/interface", "no routed port, uplink or bridge with a gateway" },
        { ", via: 10.9.0.9", "", "/routes/0", "needs via or interface" },
        { "prefix: 10.20.0.0/16", "prefix: 10.20.0.1/16", "/routes/0/prefix", "did you mean 10.20.0.0/16?" },
        { "prefix: 10.20.0.0/16", "prefix: 224.0.0.0/4", "/routes/0/prefix", "is not routed" },
        { "prefix: 10.20.0.0/16", "prefix: 10.30.0.0/16", "/routes/1/prefix", "a route to 10.30.0.0/16 already" },
        { "type: blackhole", "type: blackhol", "/routes/1/type", "did you mean \"blackhole\"?" },
        { "type: blackhole", "type: blackhole, via: 10.9.0.9", "/routes/1/via", "has no next hop" },
        { "type: blackhole", "type: blackhole, interface: lan", "/routes/1/interface", "has no interface" },

        // neighbors
        { "address: 10.9.0.9,", "address: 10.8.0.9,", "/neighbors/0/address", "in no network of lan" },
        { "address: 10.9.0.9,", "address: 10.9.0.1,", "/neighbors/0/address", "an address of FastPath itself" },
        { "interface: lan", "interface: up", "/neighbors/0/interface", "its neighbors are the kernel's" },
        { "interface: lan", "interface: lam", "/neighbors/0/interface", "did you mean \"lan\"?" },

        // punt
        { "hostAddresses: [169.254.1.1/30], ", "", "/punt/hostAddresses", "the host's end needs an address" },
        { "addresses: [169.254.1.2/30]", "addresses: [169.254.1.5/30]", "/punt/addresses/0", "no host address is in the network" },
        { "addresses: [169.254.1.2/30]", "addresses: [169.254.1.1/30]", "/punt/addresses/0", "the two ends need different ones" },
        { "punt: {", "punt: {interface: eth1, ", "/punt/interface", "belongs to /ports/web/device already" },
    };

    [Fact]
    public void The_good_document_is_good() => Assert.Empty(ErrorsOf(Good));

    [Theory]
    [MemberData(nameof(Rules))]
    public void Each_rule_names_the_field_and_says_what_would_be_right(string from, string to, string path, string message)
    {
        string bad = from == "system:" ? Good + "\n" + to : Replace(Good, from, to);

        IReadOnlyList<FieldError> errors = ErrorsOf(bad);

        Assert.Contains(errors, error => error.Path == path && error.Message.Contains(message, System.StringComparison.Ordinal));
    }

    [Fact]
    public void All_errors_are_found_at_once()
    {
        string bad = Replace(Replace(Replace(Good, "vni: 100,", "vni: 0,"), "via: 10.9.0.9", "via: 10.8.0.9"), "port: web}", "port: lan}");

        Assert.Equal(["/bridges/blue/vni", "/fdb/0/port", "/routes/0/via"], ErrorsOf(bad).Select(error => error.Path).Order());
    }

    [Fact]
    public void An_error_names_its_line()
    {
        FieldError error = Assert.Single(ErrorsOf(Replace(Good, "via: 10.9.0.9", "via: 10.8.0.9")));

        Assert.Equal(16, error.Line);
    }

    [Fact]
    public void A_route_finds_its_interface_by_the_next_hop()
    {
        DataplaneConfig config = Validator.Check(ConfigReader.Read(Good));

        Assert.Equal("lan", config.Routes[0].Interface);
    }

    [Fact]
    public void A_gateway_without_mac_gets_a_local_one_that_is_the_same_everywhere()
    {
        DataplaneConfig config = Validator.Check(ConfigReader.Read(Good));
        FastPath.Net.MacAddress mac = config.Bridges["blue"].Gateway!.Mac;

        Assert.False(mac.IsGroup);
        Assert.Equal(2UL, mac.Value >> 40 & 2);
        Assert.Equal(mac, Validator.Check(ConfigReader.Read(Good)).Bridges["blue"].Gateway!.Mac);
    }

    private static IReadOnlyList<FieldError> ErrorsOf(string text)
    {
        try
        {
            ConfigReader.ReadValid(text);
            return [];
        }
        catch (FastPath.Control.InvalidConfigException e)
        {
            return e.Errors;
        }
    }

    private static string Replace(string text, string from, string to)
    {
        Assert.Contains(from, text, System.StringComparison.Ordinal);
        return text.Replace(from, to, System.StringComparison.Ordinal);
    }
}
