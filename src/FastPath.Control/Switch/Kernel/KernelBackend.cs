using System;
using System.Collections.Generic;
using FastPath.Control.Config;
using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>Ports on devices of the kernel, in the network namespace that fastpathd was started in.</summary>
internal sealed class KernelBackend : PortBackend
{
    private readonly Rtnetlink _kernel = Rtnetlink.Open();
    private readonly PacketMemory _memory;
    private readonly DevicePorts _devices;
    private readonly ContainerVeths _veths;

    public KernelBackend(SystemSettings settings, KernelOptions options)
    {
        _memory = new PacketMemory(options, settings.Memory, settings.Workers);
        _memory.Added = umem => UmemAdded(umem);
        Homes = _memory.Homes(settings.Workers);
        _devices = new DevicePorts(_kernel, _memory, options, settings.Workers);
        _veths = new ContainerVeths(_kernel, options, settings.Workers);
    }

    public override IReadOnlyList<Umem> Homes { get; }

    public override bool HasThreads => true;

    /// <summary>What the kernel granted to all sockets.</summary>
    public KernelFeature Granted => _memory.Granted;

    public override OpenPort OpenPort(PortSettings port, int number, int pathMtu) => Guard(() =>
    {
        string key = Keys.Port(port.Name);
        if (port.Device is string device)
            return _devices.Open(key, number, device, port);
        ContainerVeth veth = _veths.Ensure(port, pathMtu);
        try
        {
            DevicePort open = _devices.Open(key, number, veth.SwitchDevice, port);
            open.Veth = veth;
            veth.SetUpContainer(port.Container!);
            open.Facts = DevicePorts.Update(open.Facts, _kernel.Links.Require(veth.SwitchDevice), port.Mtu);
            return open;
        }
        catch
        {
            veth.Dispose();
            throw;
        }
    });

    public override OpenPort OpenUplink(UplinkSettings uplink, int number) =>
        throw new PortException("", "uplinks are not implemented yet");

    public override OpenPort OpenPunt(PuntSettings punt, int number) =>
        throw new PortException("", "punt is not implemented yet");

    public override void Dispose()
    {
        _memory.Dispose();
        _kernel.Dispose();
    }

    /// <summary>What the kernel refuses becomes the port's reason.</summary>
    private static OpenPort Guard(Func<OpenPort> open)
    {
        try
        {
            return open();
        }
        catch (Exception e) when (e is XdpException or NetlinkException)
        {
            throw new PortException("", e.Message, isMissing: e is NetlinkException { IsNotFound: true }, e);
        }
    }
}
