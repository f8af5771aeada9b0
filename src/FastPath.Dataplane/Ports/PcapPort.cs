using System.IO;
using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// A port whose device is a pair of capture files: packets of one arrive, in order and as fast as they are taken; what
/// is sent goes to the other, stamped with the switch's clock. Runs a whole configuration without devices or root.
/// </summary>
/// <param name="input">Packets that arrive; null for a port that only sends.</param>
/// <param name="output">Takes what is sent; null to forget it.</param>
[PerWorker]
public sealed class PcapPort(string name, int index, Umem umem, CaptureReader? input, PcapWriter? output)
    : MemoryPort(name, index, umem)
{
    private Tick _now;

    /// <summary>Whether all packets have arrived.</summary>
    public bool IsDone { get; private set; } = input == null;

    /// <summary>Packets that the capture had cut; what was captured of them arrived.</summary>
    public long CutPackets { get; private set; }

    /// <summary>What ended the input before its end; null when nothing did.</summary>
    public string? Problem => input?.Problem;

    /// <summary>
    /// Opens INDIRECTORY/NAME.pcap or .pcapng, where one is, and makes OUTDIRECTORY/NAME.pcap.
    /// </summary>
    /// <exception cref="CaptureException">The input cannot be used.</exception>
    public static PcapPort Open(string name, int index, Umem umem, string inDirectory, string outDirectory)
    {
        string path = Path.Combine(inDirectory, name + ".pcap");
        if (!File.Exists(path))
            path += "ng";
        CaptureReader? input = File.Exists(path) ? CaptureReader.Open(path) : null;
        try
        {
            return new PcapPort(name, index, umem, input,
                PcapWriter.Create(Path.Combine(outDirectory, name + ".pcap")));
        }
        catch
        {
            input?.Dispose();
            throw;
        }
    }

    public override int Receive(Batch batch, int slot, int budget)
    {
        while (!IsDone && Arriving < budget)
            ReadNext();
        return base.Receive(batch, slot, budget);
    }

    public override void Flush(Worker worker)
    {
        _now = worker.Now;
        base.Flush(worker);
    }

    public override void Retire()
    {
        IsDone = true;
        base.Retire();
    }

    public override void Dispose()
    {
        input?.Dispose();
        output?.Dispose();
        base.Dispose();
    }

    protected override void Sent(byte[] frame) => output?.Write(_now.Nanoseconds, frame);

    private void ReadNext()
    {
        if (!input!.TryRead(out CapturedPacket packet))
        {
            IsDone = true;
            return;
        }

        if (packet.Bytes.Length > Limits.PacketBytesMax)
        {
            Counters[PortCounter.RxOversized]++;
            return;
        }

        if (packet.Bytes.Length < packet.OriginalLength)
            CutPackets++;
        Inject(packet.Bytes.Span);
    }
}
