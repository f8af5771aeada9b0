using System;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// Receive offload (GRO) of a veth that is a shared uplink. The kernel copies each packet of a veth for an XDP program,
/// which takes a quarter from the host's own TCP; GRO gives it back. NICs neither copy nor have GRO off. It is as it was
/// when the uplink goes; only after a daemon that was killed it stays on, because the next one takes it for the host's.
/// </summary>
internal sealed class UplinkGro : IDisposable
{
    private const string Feature = "rx-gro";

    private readonly string? _turnedOn;

    /// <param name="link">The device.</param>
    /// <param name="key">The uplink, for events.</param>
    /// <param name="events">Is told what was changed.</param>
    public UplinkGro(KernelLink link, string key, EventLog events)
    {
        if (link.Kind != "veth")
            return;
        using Ethtool ethtool = Ethtool.Open();
        foreach (DeviceFeature feature in ethtool.Features(link.Name))
            if (feature.Name == Feature && (feature.IsActive || feature.IsFixed))
                return;
        if (ethtool.Set(link.Name, Offloads.Gro, on: true).Count != 0)
            return;
        _turnedOn = link.Name;
        events.Add(key, $"turned GRO of {link.Name} on: XDP on a veth would cost the host's own TCP about a quarter without it");
    }

    public void Dispose()
    {
        if (_turnedOn == null)
            return;
        try
        {
            using Ethtool ethtool = Ethtool.Open();
            ethtool.Set(_turnedOn, Offloads.Gro, on: false);
        }
        catch (NetlinkException)
        {
            // The device is gone, and its setting with it.
        }
    }
}
