using System;
using System.Globalization;
using FastPath.Net;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>What a link message says about a port.</summary>
internal static class LinkFacts
{
    /// <summary>What is known already, with what the link says now.</summary>
    public static DeviceFacts Update(DeviceFacts facts, KernelLink link, int? limit) => facts with
    {
        Mtu = link.Mtu,
        MtuExplanation = Explain(link.Mtu, limit),
        Mac = MacAddress.FromValue(link.Mac ?? 0),
        IsUp = link.IsUp,
        // Hardware has no kind, and what it receives natively came over a wire: with whole checksums.
        MayBePartial = link.Kind != null || facts.XdpMode != "native",
        DownReason = DownReason(link),
    };

    private static string Explain(int device, int? limit) => limit is int bytes && bytes != device
        ? string.Create(CultureInfo.InvariantCulture, $"{Math.Min(bytes, device)}: the smaller of the device's {device} and the configured {bytes}")
        : string.Create(CultureInfo.InvariantCulture, $"{device}: the device's");

    private static string DownReason(KernelLink link)
    {
        if (!link.IsAdminUp)
            return $"{link.Name} is administratively down: ip link set {link.Name} up";
        return link.HasCarrier ? "" : $"{link.Name} has no carrier: the other end is down or gone";
    }
}
