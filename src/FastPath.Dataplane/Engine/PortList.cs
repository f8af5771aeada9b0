using System;
using FastPath.Dataplane.Ports;

namespace FastPath.Dataplane.Engine;

/// <summary>Ports that have staged packets in this turn, each once.</summary>
[PerWorker]
internal sealed class PortList
{
    private readonly Port[] _ports = new Port[Limits.PortsMax];
    private int _count;

    public ReadOnlySpan<Port> Ports => _ports.AsSpan(0, _count);

    public void Add(Port port)
    {
        if (port.IsDirty)
            return;
        port.IsDirty = true;
        _ports[_count++] = port;
    }

    public void Clear()
    {
        foreach (Port port in Ports)
            port.IsDirty = false;
        _count = 0;
    }
}
