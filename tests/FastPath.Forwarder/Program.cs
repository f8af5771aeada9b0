using System;
using System.Collections.Generic;
using System.Globalization;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Forwarder;
using FastPath.Xdp;

// A process that is made to be killed: forwards between two devices, and gives what must not die to a keeper.
//   FastPath.Forwarder create CHANNEL PROGRAM PINS ANCHOR DEVICE DEVICE
//   FastPath.Forwarder adopt  CHANNEL PROGRAM PINS ANCHOR DEVICE DEVICE
// CHANNEL is an inherited unix socket. It writes "ready", and "account ..." when its standard input ends.
using DescriptorChannel keeper = new(int.Parse(args[1], CultureInfo.InvariantCulture));
string pins = args[3];
string[] devices = args[5..];

(Umem umem, List<XdpSocket> sockets) = args[0] == "create"
    ? Setup.Create(keeper, args[2], pins, args[4], devices)
    : Setup.Adopt(keeper, pins, devices);

FrameAccount atStart = FrameAccount.Take(umem, sockets);
Console.WriteLine($"start {atStart} fault {atStart.FindFault() ?? "none"}");

using SwitchState state = new(Graph.Discover(), Clock.Monotonic, new FdbTable(1024, 1), new NeighborTable(64, 1));
state.Umems[umem.Number] = umem;
using Worker worker = new(state, 0, umem);
state.Root.Publish(Setup.Tables(devices, sockets));
using WorkerThread thread = new(worker, null, new IdlePolicy());
thread.Start();
Console.WriteLine("ready");
Console.In.ReadToEnd();
thread.Stop();

FrameAccount atEnd = FrameAccount.Take(umem, sockets);
Console.WriteLine($"account {atEnd} fault {thread.Failure?.Message ?? atEnd.FindFault() ?? "none"}");
foreach (Port port in state.Root.Read().Receivers[0])
    Console.WriteLine($"port {port.Name} received {port.Counters.Read(PortCounter.RxPackets)}"
        + $" strange {port.Counters.Read(PortCounter.BadCompletion) + port.Counters.Read(PortCounter.BadReceive)}");
