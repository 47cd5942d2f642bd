using System.Net;
using Vprox.Failover.Adapters;
using Vprox.Failover.Core.Liveness;

namespace Vprox.Failover.Tests.Adapters;

public sealed class NodeProbeTests : IDisposable
{
    private readonly NodeProbe probe = new(new FailoverOptions { ProbeAnswerTimeout = TimeSpan.FromSeconds(1.5) }, TimeProvider.System);
    private readonly StubNode node = new();

    [Fact]
    public Task A_node_that_answers_200_has_answered_whatever_its_certificate() => BecomesAsync(node.Answer(), ProbeOutcome.Answered);

    [Fact]
    public Task A_closed_port_refuses() => BecomesAsync(node.Refuse(), ProbeOutcome.Refused);

    [Fact]
    public Task A_connection_that_ends_without_TLS_refuses() => BecomesAsync(node.End(), ProbeOutcome.Refused);

    [Theory]
    [InlineData("HTTP/1.1 500 Internal Server Error\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved Permanently\r\nLocation: https://169.254.169.254/\r\n\r\n")]
    [InlineData("SSH-2.0-OpenSSH_9.2\r\n")]
    public Task Another_answer_than_200_refuses(string answer) => BecomesAsync(node.Answer(answer), ProbeOutcome.Refused);

    [Fact]
    public Task A_host_whose_kernel_alone_answers_hangs() => BecomesAsync(node.Hang(), ProbeOutcome.Hung);

    [Fact]
    public Task No_SYN_ACK_is_unreachable() => BecomesAsync(node.Vanish(), ProbeOutcome.Unreachable);

    [Theory]
    [InlineData("https://10.0.1.10", "10.0.1.10:443")]
    [InlineData("https://10.0.1.10:8443/", "10.0.1.10:8443")]
    [InlineData("http://10.0.1.10", null)]
    [InlineData("https://node.example", null)]
    [InlineData("https://localhost", null)]
    [InlineData("https://[::1]", null)]
    [InlineData("https://user@10.0.1.10", null)]
    [InlineData("https://10.0.1.10/latest/meta-data", null)]
    [InlineData("https://10.0.1.10/?a=b", null)]
    [InlineData("https://0.0.0.0", null)]
    [InlineData("https://255.255.255.255", null)]
    [InlineData("https://224.0.0.1", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("", null)]
    public void Only_https_on_an_address_is_probed(string url, string? target) => Assert.Equal(target is null ? null : IPEndPoint.Parse(target), ProbeTarget.Parse(url));

    public void Dispose() => node.Dispose();

    /// <summary>Node and probe are one process here, on a machine that is busy with other tests: what comes too late is tried again.</summary>
    private async Task BecomesAsync(StubNode node, ProbeOutcome expected)
    {
        ProbeOutcome? outcome = null;
        for (var attempt = 0; attempt < 20 && outcome != expected; attempt++) outcome = await probe.ProbeAsync(node.EndPoint, default);
        Assert.Equal(expected, outcome);
    }
}
