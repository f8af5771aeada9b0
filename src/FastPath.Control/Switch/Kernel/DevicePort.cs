using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>A dedicated port on a device: sockets on its queues and the program that feeds them.</summary>
internal class DevicePort(string key, int number, Queues queues, XdpProgram program, PacketMemory memory)
    : OpenPort(key, number, queues.Ports)
{
    private bool _deleted;

    /// <summary>The pair it is an end of, when FastPath made it.</summary>
    public ContainerVeth? Veth { get; set; }

    /// <summary>What stands between the device and the host's stack.</summary>
    public HostFence? Fence { get; set; }

    /// <summary>Enters the sockets into the program's map. Until then the program drops.</summary>
    public override void Admit()
    {
        for (int n = 0; n < queues.Receiving; n++)
            program.SetSocket(n, queues.Sockets[n]);
    }

    /// <summary>Detaches the program, removes its pins and the pair that FastPath made.</summary>
    public override void Delete()
    {
        _deleted = true;
        program.Remove();
        Fence?.Dispose();
        Veth?.Delete();
    }

    public override void Detach()
    {
        foreach (PortQueue queue in Queues)
            queue.Port.Detach();
        foreach (XdpSocket socket in queues.Sockets)
            memory.Closed(socket);
    }

    /// <summary>Closes descriptors. What is pinned stays attached and drops: the host must not get a container's frames.</summary>
    public override void Dispose()
    {
        if (!_deleted)
            program.Dispose();
        Fence?.Dispose();
        Veth?.Dispose();
        base.Dispose();
    }
}
