using System;
using System.Collections.Generic;
using FastPath.Dataplane.Engine;
using FastPath.Dataplane.Ports;
using FastPath.Dataplane.Tables;
using FastPath.Xdp;
using FastPath.Dataplane.Telemetry;

// spike: fastpathd anchor dev1 dev2 ...
int Index(string n) => int.Parse(System.IO.File.ReadAllText($"/sys/class/net/{n}/ifindex"));
var umem = Umem.Create(new UmemOptions());
var anchor = XdpSocket.OpenFirst(umem, Index(args[0]), 0, new XdpSocketOptions { RxEntries = 64, TxEntries = 64, FillEntries = 64, CompletionEntries = 64 });
Console.WriteLine($"anchor granted {anchor.Granted}");
var graph = Graph.Discover();
var fdb = new FdbTable(65536, 12345);
var state = new SwitchState(graph, Clock.Monotonic, fdb, new NeighborTable(4096, 5));
state.Umems[umem.Number] = umem;
var worker = new Worker(state, 0, umem);
var ports = new List<Port> { null! };
var entries = new List<PortEntry> { default };
var members = new List<ushort>();
for (int i = 1; i < args.Length; i++)
{
    var prog = XdpProgram.Attach("native/build/xdp_port.bpf.o", "fp_port", Index(args[i]), null, KernelFeature.None);
    var s = XdpSocket.OpenShared(anchor, Index(args[i]), 0, new XdpSocketOptions { Port = (ushort)i });
    Console.WriteLine($"{args[i]} granted {s.Granted} native {prog.IsNative}");
    var port = new XdpPort(args[i], i, s);
    port.Prime();
    prog.SetSocket(0, s);
    ports.Add(port);
    entries.Add(new PortEntry { Kind = PortKind.Device, Bridge = 1, Learns = true, Mtu = 9000 });
    members.Add((ushort)i);
}
state.Root.Publish(new SwitchTables { Generation = 1, Ports = entries.ToArray(), Devices = [ports.ToArray()], Senders = new byte[ports.Count], Bridges = [default, new BridgeEntry { Members = members.ToArray() }], Receivers = [ports.GetRange(1, ports.Count - 1).ToArray()] });
var thread = new WorkerThread(worker, null, new IdlePolicy());
thread.Start();
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    foreach (var c in Enum.GetValues<Counter>()) Console.Write($"{c}={worker.Counters.Read(c)} ");
    Console.WriteLine();
    for (int n = 0; n < graph.Count; n++) for (int r = 0; r < 256; r++) if (worker.Counters.ReadDrops(n, (DropReason)r) is > 0 and var v) Console.WriteLine($"  drop {graph.Names[n]} {(DropReason)r} {v}");
    for (int i = 1; i < ports.Count; i++) { Console.Write($"  {ports[i].Name}: "); foreach (var c in Enum.GetValues<PortCounter>()) Console.Write($"{c}={ports[i].Counters.Read(c)} "); Console.WriteLine(); }
    var counts = new int[6]; umem.Count(counts); Console.WriteLine("  frames " + string.Join(",", counts) + " free " + umem.FreeCount);
    if (thread.Failure != null) Console.WriteLine(thread.Failure);
}
thread.Stop();
