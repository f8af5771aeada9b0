using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>An address is on one interface, and so is a network: otherwise a route would have two ways out.</summary>
internal static class AddressRules
{
    public static void Check(Interfaces interfaces, ConfigErrors errors)
    {
        List<(Interfaces.Interface Interface, InterfaceAddress Address)> seen = [];
        foreach (Interfaces.Interface one in interfaces.All)
        {
            for (int n = 0; n < one.Addresses.Count; n++)
                Check(one.Addresses[n], seen, new Field(errors, $"{one.Path}/{n}"));
            foreach (InterfaceAddress address in one.Addresses)
                seen.Add((one, address));
        }
    }

    private static void Check(InterfaceAddress address,
        List<(Interfaces.Interface Interface, InterfaceAddress Address)> seen, Field at)
    {
        foreach ((Interfaces.Interface other, InterfaceAddress theirs) in seen)
        {
            if (theirs.Address == address.Address)
                at.Add($"{address.Address} is {other.Name}'s address already ({other.Path})");
            else if (Overlap(theirs.Network, address.Network) && !IsLinkLocal(address.Address))
                at.Add($"network {address.Network} overlaps {theirs.Network} of {other.Name} ({other.Path})");
            else
                continue;
            return;
        }
    }

    private static bool Overlap(IpPrefix a, IpPrefix b) => a.Contains(b.Address) || b.Contains(a.Address);

    private static bool IsLinkLocal(IpAddress address) => !address.IsV4 && address.V6.IsLinkLocal;
}
