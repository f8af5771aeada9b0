using System;

namespace FastPath.Benchmarks.Memory;

/// <summary>
/// The frames of one round: as many as a round has packets, each belonging to one of the scenario's flows, in an order
/// drawn once from a fixed seed.
/// </summary>
internal sealed class FrameSet
{
    public const int Frames = 2048;
    public const int Flows = 1000;

    private readonly byte[] _bytes;
    private readonly int _length;

    /// <param name="frameOfFlow">The frame of a flow, 0..999; all of one length.</param>
    public FrameSet(Func<int, byte[]> frameOfFlow)
    {
        byte[][] flows = new byte[Flows][];
        for (int flow = 0; flow < Flows; flow++)
            flows[flow] = frameOfFlow(flow);
        _length = flows[0].Length;
        _bytes = new byte[Frames * _length];
        Random order = new(20_451);
        for (int n = 0; n < Frames; n++)
            // Every flow at least once, the rest by chance; then mixed.
            flows[n < Flows ? n : order.Next(Flows)].CopyTo(_bytes, n * _length);
        Mix(order);
    }

    /// <summary>Bytes of each frame, without FCS.</summary>
    public int FrameBytes => _length;

    public ReadOnlySpan<byte> At(int n) => _bytes.AsSpan(n * _length, _length);

    private void Mix(Random order)
    {
        Span<byte> kept = stackalloc byte[_length];
        for (int n = Frames - 1; n > 0; n--)
        {
            int other = order.Next(n + 1);
            Span<byte> a = _bytes.AsSpan(n * _length, _length);
            Span<byte> b = _bytes.AsSpan(other * _length, _length);
            a.CopyTo(kept);
            b.CopyTo(a);
            kept.CopyTo(b);
        }
    }
}
