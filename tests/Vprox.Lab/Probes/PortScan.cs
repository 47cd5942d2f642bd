using System.Net;
using System.Net.Sockets;
using Vprox.Lab.Topology;

namespace Vprox.Lab.Probes;

/// <summary>What a port does when somebody knocks.</summary>
public enum PortAnswer
{
    /// <summary>Nothing came back.</summary>
    Silent,

    /// <summary>TCP: it accepts. UDP: it answers.</summary>
    Open,

    /// <summary>TCP: a reset. UDP: an ICMP error.</summary>
    Refused,

    /// <summary>A router says that there is no way.</summary>
    Unreachable,
}

/// <summary>Knocks at many ports at once.</summary>
public static class PortScan
{
    /// <summary>How long an answer may take. SYNs are sent again after a second (RFC 6298), so each port is asked twice.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2.5);

    /// <summary>Connects to TCP ports; those that stay silent are left out.</summary>
    public static Task<IReadOnlyDictionary<int, PortAnswer>> TcpAsync(LabHost from, IPAddress target, params IEnumerable<int> ports) =>
        ScanAsync(ports, port => TcpAsync(from, new IPEndPoint(target, port)));

    /// <summary>Sends datagrams to UDP ports; those that stay silent are left out.</summary>
    public static Task<IReadOnlyDictionary<int, PortAnswer>> UdpAsync(LabHost from, IPAddress target, params IEnumerable<int> ports) =>
        ScanAsync(ports, port => UdpAsync(from, new IPEndPoint(target, port)));

    /// <summary>True when one of a few pings is answered.</summary>
    public static async Task<bool> AnswersPingAsync(LabHost from, IPAddress target)
    {
        try
        {
            await from.ExecuteAsync("ping", "-c", "3", "-i", "0.3", "-W", "2", target.ToString());
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    private static async Task<IReadOnlyDictionary<int, PortAnswer>> ScanAsync(IEnumerable<int> ports, Func<int, Task<PortAnswer>> knock)
    {
        var answers = await Task.WhenAll(ports.Select(async port => (port, answer: await knock(port))));
        return answers.Where(each => each.answer != PortAnswer.Silent).ToDictionary(each => each.port, each => each.answer);
    }

    private static async Task<PortAnswer> TcpAsync(LabHost from, IPEndPoint to)
    {
        using var socket = from.OpenTcp();
        return await KnockAsync(async deadline =>
        {
            await socket.ConnectAsync(to, deadline);
            return PortAnswer.Open;
        });
    }

    private static async Task<PortAnswer> UdpAsync(LabHost from, IPEndPoint to)
    {
        using var socket = from.OpenUdp();
        await socket.ConnectAsync(to);
        return await KnockAsync(async deadline =>
        {
            await socket.SendAsync("hello"u8.ToArray(), deadline);
            await socket.ReceiveAsync(new byte[64], deadline);
            return PortAnswer.Open;
        });
    }

    private static async Task<PortAnswer> KnockAsync(Func<CancellationToken, Task<PortAnswer>> knock)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            return await knock(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            return PortAnswer.Silent;
        }
        catch (SocketException answered)
        {
            return answered.SocketErrorCode switch
            {
                SocketError.ConnectionRefused or SocketError.ConnectionReset => PortAnswer.Refused,
                SocketError.TimedOut => PortAnswer.Silent,
                _ => PortAnswer.Unreachable,
            };
        }
    }
}
