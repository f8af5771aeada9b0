using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Ports on devices of the kernel, in the network namespace that fastpathd was started in.</summary>
internal sealed class KernelBackend : PortBackend
{
    private readonly PacketMemory _memory;
    private readonly DevicePorts _devices;
    private readonly ContainerVeths _veths;
    private readonly Leftovers _leftovers;
    private readonly EventLog _events;
    private readonly int _workers;

    public KernelBackend(SystemSettings settings, KernelOptions options, EventLog events)
    {
        _events = events;
        _workers = settings.Workers;
        Kernel = Rtnetlink.Open();
        _memory = new PacketMemory(options, settings.Memory, settings.Workers) { Added = umem => UmemAdded(umem) };
        Homes = _memory.Homes(settings.Workers);
        _devices = new DevicePorts(Kernel, _memory, options, settings.Workers);
        _veths = new ContainerVeths(Kernel, options, settings.Workers);
        _leftovers = new Leftovers(Kernel, options, _veths, events);
    }

    public Rtnetlink Kernel { get; }

    public override IReadOnlyList<Umem> Homes { get; }

    public override bool HasThreads => true;

    /// <summary>What the kernel granted to all sockets, and to programs up to now.</summary>
    public FeatureGrants Grants => _memory.Grants | _devices.Grants;

    public override OpenPort OpenPort(PortSettings port, int number, int pathMtu) => Guard(() =>
    {
        string key = Keys.Port(port.Name);
        return port.Device is string device
            ? _devices.OpenDedicated(key, number, device, port.Mtu)
            : OpenContainer(key, number, port, pathMtu);
    });

    public override OpenPort OpenUplink(UplinkSettings uplink, int number) =>
        Guard(() => _devices.OpenUplink(Keys.Uplink(uplink.Name), number, uplink, _events));

    public override OpenPort OpenPunt(PuntSettings punt, int number) => Guard(() =>
    {
        string device = _veths.NameOf(Keys.Punt);
        KernelLink host = PuntVeth.Ensure(Kernel, device, punt, _workers);
        return _devices.OpenPunt(number, device, host, _events);
    });

    /// <summary>An uplink leaves nothing: its program goes with the descriptor.</summary>
    public override void Remove(string key, bool isMade)
    {
        if (key == Keys.Uplink(Keys.NameOf(key)))
            return;
        if (isMade)
            _veths.Delete(Keys.NameOf(key)); // before the program that closes it
        _devices.RemovePins(key);
    }

    public override void Forget(string key)
    {
        if (key == Keys.Port(Keys.NameOf(key)))
            _veths.Forget(Keys.NameOf(key));
    }

    public override void RemoveLeftovers(DataplaneConfig config) => _leftovers.Remove(config);

    public override void Dispose()
    {
        _memory.Dispose();
        Kernel.Dispose();
    }

    private DevicePort OpenContainer(string key, int number, PortSettings port, int mtu)
    {
        using ContainerVeth veth = _veths.Ensure(port, mtu);
        DevicePort? open = null;
        try
        {
            open = _devices.OpenDedicated(key, number, veth.SwitchDevice, port.Mtu);
            veth.SetUpContainer(port.Container!);
            open.Veth = veth;
            open.Facts = LinkFacts.Update(open.Facts, Kernel.Links.Require(veth.SwitchDevice), port.Mtu) with
            {
                PeerMac = veth.ContainerMac,
            };
            return open;
        }
        catch
        {
            if (veth.IsNew)
            {
                veth.Delete(); // before the program that closes it
                open?.Delete();
            }

            open?.Detach(); // gives its share of the packet memory back, too
            open?.Dispose();
            throw;
        }
    }

    /// <summary>What the kernel refuses becomes the port's reason.</summary>
    private static OpenPort Guard(Func<OpenPort> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is not PortException && Refusal.Is(e))
        {
            throw new PortException("", e.Message, isMissing: e is NetlinkException { IsNotFound: true }, e);
        }
    }
}
