using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;

namespace FastPath.Sim.World;

/// <summary>How many packets all ports together may still deliver in this turn.</summary>
internal sealed class Gate
{
    public int Left { get; set; }
}

/// <summary>
/// Sits between the switch and a port and notes what the switch really got and gave: behind the faults on receive, before
/// them on transmit.
/// </summary>
internal sealed class TapPort(FaultPort inner, Gate gate, List<(int Port, byte[] Frame)> received, List<(int Port, byte[] Frame)> sent)
    : Port(inner.Name, inner.Index, inner.Umem)
{
    private readonly byte[] _bytes = new byte[70_000];

    private int _flushed;

    public FaultPort Faults => inner;

    /// <summary>A fault that the judges must find; null for none.</summary>
    public string? Planted { get; init; }

    public override int Room => inner.Room - Queue.Count;

    public override int Receive(Batch batch, int slot, int budget)
    {
        int count = inner.Receive(batch, slot, System.Math.Min(budget, gate.Left));
        gate.Left -= count;
        for (int n = slot; n < slot + count; n++)
        {
            Packet packet = batch[n];
            StagedPacket staged = new() { Frame = packet.Frame, Offset = packet.Offset, Length = packet.Length, Flags = packet.Flags };
            received.Add((Index, Copy(staged)));
        }

        return count;
    }

    public override void Flush(Worker worker)
    {
        foreach (ref readonly StagedPacket packet in Queue.Packets)
        {
            if (Planted == "silent-drop" && ++_flushed % 50 == 0)
            {
                Umem.ReleasePacket(packet.Frame);
                continue;
            }

            if (Planted == "bit" && ++_flushed % 50 == 0)
                Umem.Bytes(packet.Frame, packet.Offset, packet.Length)[^1] ^= 1;
            sent.Add((Index, Copy(packet)));
            inner.Queue.Add(packet);
        }

        Queue.Clear();
        inner.Flush(worker);
    }

    public override void Service(Worker worker) => inner.Service(worker);

    public override void Retire() => inner.Retire();

    public override void Dispose()
    {
        inner.Dispose();
        base.Dispose();
    }

    private byte[] Copy(in StagedPacket packet) => _bytes[..Chain.CopyTo(Umem, packet, _bytes)];
}
