using FastPath.Dataplane.Engine;
using FastPath.Net;

namespace FastPath.Dataplane.Nodes;

/// <summary>Writes Ethernet headers in front of network packets.</summary>
[PerWorker]
internal static class EthernetRewrite
{
    public static void Prepend(Batch batch, int slot, ulong destination, ulong source, EtherType type)
    {
        batch.Prepend(slot, EthernetHeader.Size);
        ref EthernetHeader header = ref batch.Header<EthernetHeader>(slot, batch[slot].Offset);
        header.Destination = MacAddress.FromValue(destination);
        header.Source = MacAddress.FromValue(source);
        header.Type = type;
    }
}
