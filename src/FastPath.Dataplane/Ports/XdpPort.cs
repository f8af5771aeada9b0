using FastPath.Dataplane.Engine;
using FastPath.Xdp;

namespace FastPath.Dataplane.Ports;

/// <summary>
/// A device queue through an AF_XDP socket. One worker's: a worker that only transmits to the device has a port of
/// its own on another queue, with a socket without RX ring.
/// </summary>
/// <remarks>
/// The end of a port, so that no chunk is written by the kernel after somebody else has it: the control plane publishes
/// tables without the port and waits until the worker has seen them, calls <see cref="Detach"/>, lets the worker call
/// <see cref="Retire"/>, then disposes.
/// </remarks>
[PerWorker]
public sealed class XdpPort : Port
{
    private readonly XdpSocket _socket;
    private readonly XdpReceiver? _receiver;
    private readonly XdpTransmitter _transmitter;
    private FrameAddress[]? _left;

    /// <param name="name">Name in the configuration.</param>
    /// <param name="index">Number in the switch.</param>
    /// <param name="socket">
    /// The socket, opened with <see cref="XdpSocketOptions.Port"/> equal to <paramref name="index"/>, or adopted: then
    /// the port goes on with what the kernel holds.
    /// </param>
    public XdpPort(string name, int index, XdpSocket socket) : base(name, index, socket.Umem)
    {
        _socket = socket;
        _receiver = socket.Rx == null ? null : new XdpReceiver(socket, Counters, (ushort)index);
        _transmitter = new XdpTransmitter(socket, Counters);
    }

    public XdpSocket Socket => _socket;

    public override int WaitDescriptor => _receiver == null ? -1 : _socket.Descriptor;

    public override bool HasUnsent => _transmitter.HasUnsent;

    public override int Room => _transmitter.Room;

    public override int PostedChunks => _receiver == null ? 0 : _socket.Posted;

    public override int TransmitChunks => _transmitter.InFlight;

    /// <summary>Chunks the kernel holds for transmit.</summary>
    public int InFlight => _transmitter.InFlight;

    /// <summary>What the last transmit call said about the device.</summary>
    public DeviceState State => _transmitter.State;

    public override int Receive(Batch batch, int slot, int budget) => _receiver?.Receive(batch, slot, budget) ?? 0;

    /// <summary>
    /// Writes descriptors at once; what needs more than one, or other memory, takes the way of single packets.
    /// </summary>
    public override void Stage(Worker worker, Batch batch, PacketSet packets, int longest)
    {
        for (PacketSet left = packets; !left.IsEmpty;)
        {
            PacketSet plain = _transmitter.PutPlain(batch, left, longest);
            batch.Transmit(plain);
            left -= plain;
            if (left.IsEmpty)
                break;
            PacketSet one = PacketSet.Of(left.Lowest);
            left -= one;
            if (TryPrepare(worker, batch, one.Lowest, longest) && _transmitter.TryPut(batch, one.Lowest))
                batch.Transmit(one);
        }
    }

    public override void Flush(Worker worker) => _transmitter.Send();

    public override void Service(Worker worker)
    {
        _transmitter.Service();
        _receiver?.Refill();
    }

    /// <summary>Posts the first chunks, before the socket is entered into the program's map.</summary>
    public void Prime() => _receiver?.Refill();

    /// <summary>The link is back: sends what waited. Called by the worker.</summary>
    public void Retry() => _transmitter.Retry();

    /// <summary>
    /// Closes the socket; the kernel lets go of every chunk. Control thread, after the worker has let go.
    /// </summary>
    public override void Detach()
    {
        if (_left != null)
            return;
        _left = _transmitter.ListInFlight();
        _socket.Dispose();
    }

    public override void Retire()
    {
        Detach(); // when the control plane has not done it: right, but it stops this worker for some milliseconds
        foreach (FrameAddress chunk in _left!)
            Umem.Release(chunk);
        _left = [];
        _receiver?.ReleaseAll();
    }

    public override void Dispose()
    {
        _socket.Dispose();
        base.Dispose();
    }
}
