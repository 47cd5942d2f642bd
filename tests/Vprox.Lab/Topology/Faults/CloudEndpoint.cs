using System.Net;

namespace Vprox.Lab.Topology.Faults;

/// <summary>One of the cloud's endpoints, which can be down as a whole. What it holds stays.</summary>
public sealed class CloudEndpoint
{
    private readonly LabHost _gateway;
    private readonly string _table;
    private readonly IPAddress _address;
    private readonly int _port;

    internal CloudEndpoint(LabHost gateway, string name, IPAddress address, int port) =>
        (_gateway, _table, _address, _port) = (gateway, $"outage_{name}", address, port);

    /// <summary>Connections are refused, and those that are open are reset by their next packet.</summary>
    public void Refuse() => Apply("reject with tcp reset");

    /// <summary>Nothing comes back.</summary>
    public void Vanish() => Apply("drop");

    /// <summary>It answers again.</summary>
    public void Restore() => Apply(null);

    private void Apply(string? verdict)
    {
        var text = $"table ip {_table} {{ }}\ndelete table ip {_table}\n";
        if (verdict is not null)
            text += $$"""
                table ip {{_table}} {
                  chain input {
                    type filter hook input priority filter; policy accept;
                    ip daddr {{_address}} tcp dport {{_port}} {{verdict}}
                  }
                }
                """;
        _gateway.Nft.Run(text);
    }
}
