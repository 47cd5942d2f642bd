using System.Text;

namespace Vprox.Lab.Topology.Faults;

/// <summary>What of a host's packets is lost on its uplinks. Pure.</summary>
public sealed record Loss
{
    public static Loss None { get; } = new();

    /// <summary>Nothing at all gets through, ARP neither: the host is frozen or dead.</summary>
    public bool Everything { get; init; }

    /// <summary>IP packets. ARP goes on, as it does on EC2, whose hypervisor answers it.</summary>
    public PacketDirection Ip { get; init; }

    /// <summary>IP packets from and to addresses outside the VPC and the management network.</summary>
    public PacketDirection Internet { get; init; }

    /// <summary>TCP to the broker, without a word.</summary>
    public bool Bus { get; init; }

    private const string Inside = "{ 10.0.0.0/8, 169.254.0.0/16 }";

    /// <summary>The far host's nftables in one transaction; the last loss ended leaves nothing.</summary>
    /// <param name="table">The table's name, one per host.</param>
    /// <param name="links">The far ends of the uplinks.</param>
    public string Text(string table, IReadOnlyList<string> links)
    {
        var text = new StringBuilder().AppendLine($"table netdev {table} {{ }}").AppendLine($"delete table netdev {table}");
        if (this == None)
            return text.ToString();
        text.AppendLine($"table netdev {table} {{");
        foreach (var (number, link) in links.Index())
        {
            // What the host sends comes in at the far end.
            Chain(text, $"outbound{number}", "ingress", link, PacketDirection.Outbound, "daddr", "dport");
            Chain(text, $"inbound{number}", "egress", link, PacketDirection.Inbound, "saddr", "sport");
        }
        return text.AppendLine("}").ToString();
    }

    private void Chain(StringBuilder text, string name, string hook, string link, PacketDirection direction, string address, string port)
    {
        text.AppendLine($"  chain {name} {{").AppendLine($"    type filter hook {hook} device \"{link}\" priority -150; policy accept;");
        if (Everything)
            text.AppendLine("    drop");
        if (Ip.HasFlag(direction))
            text.AppendLine("    meta protocol { ip, ip6 } drop");
        if (Internet.HasFlag(direction))
            text.AppendLine($"    ip {address} != {Inside} drop");
        if (Bus)
            text.AppendLine($"    ip {address} {{ {LabPlan.ControlPrivate}, {LabPlan.ControlManagement} }} tcp {port} {LabPlan.BrokerPort} drop");
        text.AppendLine("  }");
    }
}
