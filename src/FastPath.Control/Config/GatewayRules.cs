using System.Collections.Generic;
using FastPath.Net;

namespace FastPath.Control.Config;

/// <summary>Default gateways of a container: one for each family, in a network that the container is connected to.</summary>
internal static class GatewayRules
{
    public static IReadOnlyList<IpAddress> Check(IReadOnlyList<string> texts, IReadOnlyList<InterfaceAddress> own, Field list)
    {
        List<IpAddress> gateways = [];
        for (int n = 0; n < texts.Count; n++)
        {
            Field at = list.Item(n);
            if (at.Host(texts[n]) is not IpAddress gateway)
                continue;
            bool isLinkLocal = !gateway.IsV4 && gateway.V6.IsLinkLocal;
            if (gateways.Exists(g => g.IsV4 == gateway.IsV4))
                at.Add($"a second gateway for {(gateway.IsV4 ? "IPv4" : "IPv6")}: only one is possible");
            else if (!isLinkLocal && !IsConnected(own, gateway))
                at.Add($"{gateway} is in no network of this container's addresses");
            else
                gateways.Add(gateway);
        }

        return gateways;
    }

    private static bool IsConnected(IReadOnlyList<InterfaceAddress> own, IpAddress gateway)
    {
        foreach (InterfaceAddress address in own)
            if (address.Network.Contains(gateway) && address.Address != gateway)
                return true;
        return false;
    }
}
