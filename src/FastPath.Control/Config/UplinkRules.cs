using System.Collections.Generic;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /uplinks.</summary>
internal static class UplinkRules
{
    public const int QueuesMax = 64; // entries of the program's socket map

    public static UplinkSettings Check(string name, UplinkConfig config, Field at)
    {
        NameRules.CheckDevice(at.Item("device"), config.Device);
        if (config.Queues is int queues)
            at.Item("queues").InRange(queues, 1, QueuesMax);
        if (config.Mode == "zeroCopy")
            at.Item("mode").Add("zero copy is not implemented: write \"copy\"");
        else if (config.Mode is not ("auto" or "copy"))
            at.Item("mode").Add($"\"{config.Mode}\" is not possible: write \"auto\" or \"copy\"");
        return new UplinkSettings(name, config.Device)
        {
            Queues = config.Queues,
            Addresses = at.Item("addresses").Interface(config.Addresses),
            Macs = Macs(config.Macs, at.Item("macs")),
            Prefixes = Prefixes(config.Prefixes, at.Item("prefixes")),
        };
    }

    private static List<MacAddress> Macs(IReadOnlyList<string> texts, Field list)
    {
        List<MacAddress> macs = [];
        for (int n = 0; n < texts.Count; n++)
        {
            if (list.Item(n).Station(texts[n]) is not MacAddress mac)
                continue;
            if (macs.Contains(mac))
                list.Item(n).Add($"{mac} is in this list twice");
            macs.Add(mac);
        }

        return macs;
    }

    private static List<IpPrefix> Prefixes(IReadOnlyList<string> texts, Field list)
    {
        List<IpPrefix> prefixes = [];
        for (int n = 0; n < texts.Count; n++)
        {
            Field at = list.Item(n);
            if (!IpPrefix.TryParse(texts[n], out IpPrefix prefix, out string error))
                at.Add(error);
            else if (!prefix.IsV4)
                at.Add($"{prefix} is IPv6: an uplink claims IPv4 prefixes only");
            else if (prefix.Length == 0)
                at.Add("0.0.0.0/0 would take all of the host's own traffic");
            else if (prefixes.Contains(prefix))
                at.Add($"{prefix} is in this list twice");
            else
                prefixes.Add(prefix);
        }

        return prefixes;
    }
}
