using System.Collections.Generic;
using FastPath.Api;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Rules of /punt.</summary>
internal static class PuntRules
{
    public static PuntSettings? Check(PuntConfig? config, ConfigErrors errors)
    {
        if (config == null)
            return null;
        Field at = errors.At("punt");
        NameRules.CheckDevice(at.Item("interface"), config.Interface);
        PuntSettings settings = new(config.Interface)
        {
            HostAddresses = at.Item("hostAddresses").Interface(config.HostAddresses),
            Addresses = at.Item("addresses").Interface(config.Addresses),
            InstallRoutes = config.InstallRoutes,
        };
        if (config.HostAddresses.Count == 0)
            at.Item("hostAddresses").Add("the host's end needs an address, such as 169.254.1.1/30");
        if (config.Addresses.Count == 0)
            at.Item("addresses").Add("FastPath's end needs an address, such as 169.254.1.2/30");
        for (int n = 0; n < settings.Addresses.Count; n++)
            CheckPair(settings.Addresses[n], settings.HostAddresses, at.Item("addresses").Item(n));
        return settings;
    }

    private static void CheckPair(InterfaceAddress own, IReadOnlyList<InterfaceAddress> host, Field at)
    {
        bool isPaired = false;
        foreach (InterfaceAddress other in host)
        {
            if (other.Address == own.Address)
                at.Add($"{own.Address} is the host's address: the two ends need different ones");
            isPaired |= other.Network == own.Network;
        }

        if (!isPaired && host.Count != 0)
            at.Add($"no host address is in the network {own.Network}");
    }
}
