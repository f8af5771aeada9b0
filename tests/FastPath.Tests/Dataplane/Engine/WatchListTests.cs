using System;
using System.IO.Pipes;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Xdp;
using Xunit;

namespace FastPath.Tests.Dataplane.Engine;

public sealed class WatchListTests : IDisposable
{
    private readonly Umem _umem = Umem.Create(new UmemOptions(64));
    private readonly Sleeper _sleeper = new();
    private readonly AnonymousPipeServerStream _pipe = new(PipeDirection.In);
    private readonly ReadablePort _port;

    public WatchListTests()
    {
        using AnonymousPipeClientStream writer = new(PipeDirection.Out, _pipe.ClientSafePipeHandle);
        writer.WriteByte(1); // the port's descriptor is readable from now on
        _port = new ReadablePort(_umem, (int)_pipe.SafePipeHandle.DangerousGetHandle());
    }

    [Fact]
    public void A_port_that_is_watched_ends_the_sleep()
    {
        WatchList.Restore(_sleeper, [_port]);
        Assert.True(_sleeper.Sleep(0));
    }

    [Fact]
    public void A_port_that_sends_much_is_taken_off_and_put_back_before_the_next_sleep()
    {
        WatchList.Restore(_sleeper, [_port]);
        _port.Counters[PortCounter.TxPackets] += 64;
        WatchList.Relax(_sleeper, [_port]);
        Assert.False(_sleeper.Sleep(0));

        WatchList.Restore(_sleeper, [_port]);
        Assert.True(_sleeper.Sleep(0));
    }

    [Fact]
    public void A_port_that_sends_little_between_two_looks_stays()
    {
        WatchList.Restore(_sleeper, [_port]);
        for (int look = 0; look < 5; look++)
        {
            _port.Counters[PortCounter.TxPackets] += 63;
            WatchList.Relax(_sleeper, [_port]);
        }

        Assert.True(_sleeper.Sleep(0));
    }

    [Fact]
    public void A_port_without_a_descriptor_is_left_alone()
    {
        ReadablePort none = new(_umem, descriptor: -1);
        WatchList.Restore(_sleeper, [none]);
        none.Counters[PortCounter.TxPackets] += 1000;
        WatchList.Relax(_sleeper, [none]);
        Assert.False(_sleeper.Sleep(0));
        none.Dispose();
    }

    public void Dispose()
    {
        _port.Dispose();
        _pipe.Dispose();
        _sleeper.Dispose();
        _umem.Dispose();
    }

    private sealed class ReadablePort(Umem umem, int descriptor) : MemoryPort("p", 1, umem)
    {
        public override int WaitDescriptor => descriptor;
    }
}
