using Vprox.Contracts;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Tests.Core;

public sealed class AdmissionTests
{
    private static readonly ContainerStarted Good = new() { ContainerId = "c1", ContainerIp = "10.88.0.2", ProxyId = "p1" };

    [Fact]
    public void A_container_behind_a_bridge_is_taken_in()
    {
        var (container, refusal) = Judge(Good);
        Assert.Null(refusal);
        Assert.Equal("br0", container?.Link);
    }

    public static TheoryData<string, string, string?, string?> Malformed => new()
    {
        { "", "10.88.0.2", "p1", null },
        { "c 1", "10.88.0.2", "p1", null },
        { "c1\n", "10.88.0.2", "p1", null },
        { new string('c', 129), "10.88.0.2", "p1", null },
        { "c1", "10.88.2", "p1", null },
        { "c1", "10.88.0.02", "p1", null },
        { "c1", "fd00::2", "p1", null },
        { "c1", "", "p1", null },
        { "c1", "10.88.0.2; drop", "p1", null },
        { "c1", "10.88.0.2", "", null },
        { "c1", "10.88.0.2", null, null },
        { "c1", "10.88.0.2", "p1", "" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public void What_is_malformed_is_refused_with_a_reason(string id, string ip, string? proxy, string? workspace)
    {
        var (container, refusal) = Judge(new ContainerStarted { ContainerId = id, ContainerIp = ip, ProxyId = proxy!, WorkspaceId = workspace });
        Assert.Null(container);
        Assert.Equal(ContainerRefusedCode.InvalidRequest, refusal?.Code);
        Assert.NotEmpty(refusal!.Reason);
    }

    [Fact]
    public void An_event_for_another_worker_is_refused_and_nothing_is_closed()
    {
        var (container, refusal) = Judge(Good with { WorkerId = "w2" });
        Assert.Null(container);
        Assert.Equal(ContainerRefusedCode.ForeignContainer, refusal?.Code);
    }

    [Fact]
    public void The_workers_own_address_is_no_container()
    {
        var (container, refusal) = Judge(Good, new LocalPath(null, IsOwnAddress: true));
        Assert.Null(container);
        Assert.Equal(ContainerRefusedCode.ForeignContainer, refusal?.Code);
    }

    [Fact]
    public void An_address_behind_no_local_link_is_refused_and_closed()
    {
        var (container, refusal) = Judge(Good, new LocalPath(null));
        Assert.Null(refusal);
        Assert.Equal(ContainerPhase.Refused, container?.Phase);
        Assert.Equal(ContainerRefusedCode.ForeignContainer, container?.Refusal?.Code);
    }

    private static (Container? Container, Refusal? Refusal) Judge(ContainerStarted started, LocalPath? path = null) =>
        Admission.Judge(started, "w1", _ => path ?? new LocalPath("br0"));
}
