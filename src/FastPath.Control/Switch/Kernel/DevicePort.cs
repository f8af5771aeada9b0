using FastPath.Xdp;
using FastPath.Xdp.Netlink;

namespace FastPath.Control.Switch.Kernel;

/// <summary>A dedicated port on a device: sockets on its queues and the program that feeds them.</summary>
internal class DevicePort(string key, int number, Queues queues, XdpProgram program)
    : OpenPort(key, number, queues.Ports)
{
    /// <summary>The pair it is an end of, when FastPath made it.</summary>
    public ContainerVeth? Veth { get; set; }

    /// <summary>What stands between the device and the host's stack.</summary>
    public HostFence? Fence { get; set; }

    /// <summary>Enters the sockets into the program's map. Until then the program drops.</summary>
    public override void Admit() => queues.Admit(program);

    /// <summary>
    /// Removes the pair that FastPath made, then the program and its pins: what a container sends in between must not
    /// find the host's stack behind its device. A device that was there before is the host's again.
    /// </summary>
    public override void Delete()
    {
        Veth?.Delete();
        program.Remove();
        Fence?.Dispose();
        if (Veth == null)
            DeviceSysctls.GiveBack(null, Facts.Device);
    }

    public override void Detach() => queues.Detach();

    /// <summary>Closes descriptors. What is pinned stays attached and drops: the host must not get a container's frames.</summary>
    public override void Dispose()
    {
        program.Dispose();
        Fence?.Dispose();
        base.Dispose();
    }
}
