using System.Globalization;
using System.Text;
using Vprox.Nftables;
using Vprox.WorkerAgent.Core;

namespace Vprox.Cli.Connect;

/// <summary>
/// The nft table of one client interface: what leaves gets the tunnel's inner addresses and the ports of its blocks, whoever on this host sent or forwarded
/// it; what comes in belongs to a flow or goes. Pure.
/// </summary>
internal static class ClientRuleset
{
    /// <summary>The table of an interface. Characters that nft does not take in names become an underscore and their code.</summary>
    public static string Table(string link) => "vprox_on_" + string.Concat(link.Select(c =>
        char.IsAsciiLetterOrDigit(c) ? c.ToString() : string.Create(CultureInfo.InvariantCulture, $"_{(int)c:x2}")));

    /// <summary>Makes the table, or makes it anew in one transaction.</summary>
    public static string Render(string link, DesiredTunnel tunnel, bool shortTimeWait)
    {
        var table = NftName.Identifier(Table(link));
        var name = NftName.Interface(link);
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"table inet {table}\ndelete table inet {table}\ntable inet {table} {{\n");
        if (shortTimeWait)
            // A block's port is free again soon, as on the server.
            text.Append("  ct timeout short_waits { protocol tcp; l3proto ip; policy = { syn_sent : 10, time_wait : 10, close : 5 }; }\n");
        text.Append(CultureInfo.InvariantCulture, $$"""
              chain input {
                type filter hook input priority filter - 10; policy accept;
                iifname {{name}} ct state established,related accept
                iifname {{name}} icmp type echo-request accept
                iifname {{name}} counter drop
              }
              chain forward {
                type filter hook forward priority filter - 10; policy accept;
                oifname {{name}} tcp flags syn / syn,rst tcp option maxseg size set rt mtu
                iifname {{name}} tcp flags syn / syn,rst tcp option maxseg size set 1380
                {{(shortTimeWait ? $"oifname {name} meta l4proto tcp ct timeout set \"short_waits\"" : "")}}
                iifname {{name}} ct state established,related accept
                iifname {{name}} counter drop
              }
              chain output {
                type filter hook output priority filter - 10; policy accept;
                oifname {{name}} meta nfproto ipv6 drop
                {{(shortTimeWait ? $"oifname {name} meta l4proto tcp ct timeout set \"short_waits\"" : "")}}
              }
              chain postrouting {
                type nat hook postrouting priority srcnat - 1; policy accept;

            """);
        foreach (var rule in WorkerRuleset.Translation(tunnel))
            text.Append(CultureInfo.InvariantCulture, $"    oifname {name} {rule}\n");
        return text.Append("  }\n}\n").ToString();
    }
}
