using System.Collections.Generic;
using FastPath.Xdp;

namespace FastPath.Control.Switch.Kernel;

/// <summary>A dedicated port on a device: sockets on its queues and the program that feeds them.</summary>
internal sealed class DevicePort(
    string key, int number, IReadOnlyList<PortQueue> queues, IReadOnlyList<XdpSocket> sockets, XdpProgram program, PacketMemory memory)
    : OpenPort(key, number, queues)
{
    private bool _deleted;

    /// <summary>The pair it is an end of, when FastPath made it.</summary>
    public ContainerVeth? Veth { get; set; }

    public XdpProgram Program { get; } = program;

    /// <summary>Enters the sockets into the program's map. Until then the program drops.</summary>
    public override void Admit()
    {
        for (int n = 0; n < Facts.Queues; n++)
            Program.SetSocket(n, sockets[n]);
    }

    public override void Delete()
    {
        _deleted = true;
        Program.Remove();
        Veth?.Delete();
    }

    public override void Detach()
    {
        foreach (PortQueue queue in Queues)
            queue.Port.Detach();
        foreach (XdpSocket socket in sockets)
            memory.Closed(socket);
    }

    public override void Dispose()
    {
        if (!_deleted)
            Program.Dispose();
        Veth?.Dispose();
        base.Dispose();
    }
}
