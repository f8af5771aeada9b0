using System;
using FastPath.Control.Config;
using FastPath.Control.Switch;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using Xunit;

namespace FastPath.Tests.Control.Switch;

/// <summary>A whole switch made from a configuration, on memory ports, stepped by hand.</summary>
internal sealed class SwitchHarness : IDisposable
{
    public SwitchHarness(string yaml, Action<MemoryBackend>? prepare = null)
    {
        DataplaneConfig config = Validator.Check(ConfigReader.Read(yaml));
        Backend = new MemoryBackend(config.System.Workers);
        prepare?.Invoke(Backend);
        Switch = new VirtualSwitch(config.System, Backend, Events, new ManualClock());
        Switch.Start(config);
    }

    public EventLog Events { get; } = new();

    public MemoryBackend Backend { get; }

    public VirtualSwitch Switch { get; }

    public MemoryPort Port(string name) => Backend.Open[Keys.Port(name)].Port;

    public void Apply(string yaml) => Switch.Apply(Validator.Check(ConfigReader.Read(yaml)));

    /// <summary>Lets a frame arrive and runs all workers until nothing moves.</summary>
    public void Receive(string port, byte[] frame)
    {
        Port(port).Inject(frame);
        Run();
    }

    public void Run()
    {
        bool any = true;
        while (any)
        {
            any = false;
            foreach (Worker worker in Switch.Core.Workers)
                any |= worker.PollOnce();
        }
    }

    /// <summary>The only frame a port has sent.</summary>
    public byte[] Sent(string port)
    {
        Assert.True(Port(port).TryTake(out byte[] frame), $"port {port} has sent nothing");
        Assert.False(Port(port).TryTake(out _), $"port {port} has sent more than one frame");
        return frame;
    }

    public void SentNothing(string port) => Assert.False(Port(port).TryTake(out _), $"port {port} has sent something");

    public void Dispose() => Switch.Dispose();
}
