using System.Collections.Generic;
using System.Net;
using FastPath.Control.Config;
using FastPath.Net;
using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>
/// A device that stays the kernel's: the program takes what the configuration claims and passes everything else, also when
/// fastpathd does not run. Nothing is pinned.
/// </summary>
internal sealed class UplinkPort(
    string key, int number, Queues queues, XdpProgram program, UplinkGro gro)
    : OpenPort(key, number, queues.Ports)
{
    private readonly UplinkClaims _claims = new(program);

    public override void Admit() => queues.Admit(program);

    /// <summary>Claims what this generation needs from the device: its tunnel end points, MAC addresses and prefixes.</summary>
    public override void Follow(DataplaneConfig config)
    {
        if (!config.Uplinks.TryGetValue(Keys.NameOf(Key), out UplinkSettings? uplink))
            return; // about to be removed: the tables are published before it is closed
        HashSet<IPEndPoint> vteps = [];
        foreach (VtepSettings vtep in config.Vteps.Values)
            if (HasAddress(uplink, vtep.Address))
                vteps.Add(new IPEndPoint(IPAddress.Parse(vtep.Address.ToString()), vtep.Port));
        HashSet<ulong> macs = [];
        foreach (MacAddress mac in uplink.Macs)
            macs.Add(mac.Value);
        HashSet<IPNetwork> prefixes = [];
        foreach (IpPrefix prefix in uplink.Prefixes)
            prefixes.Add(new IPNetwork(IPAddress.Parse(prefix.Address.ToString()), prefix.Length));
        try
        {
            _claims.Set(new ClaimSet { Vteps = vteps, Macs = macs, Prefixes = prefixes });
        }
        catch (XdpException e)
        {
            throw new PortException(Key, e.Message, inner: e);
        }
    }

    public override void Detach() => queues.Detach();

    /// <summary>The device's packets are all the kernel's again.</summary>
    public override void Delete() => program.Remove();

    public override void Dispose()
    {
        program.Dispose();
        gro.Dispose();
        base.Dispose();
    }

    private bool HasAddress(UplinkSettings uplink, Ip4Address address)
    {
        foreach (InterfaceAddress one in uplink.Addresses.Count != 0 ? uplink.Addresses : Facts.KernelAddresses)
            if (one.Address.IsV4 && one.Address.V4 == address)
                return true;
        return false;
    }
}
