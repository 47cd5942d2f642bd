using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Vprox.Lab.Cloud.State;

namespace Vprox.Lab.Cloud.Admin;

/// <summary>The lab's own API beside EC2's: what a test sets, breaks and asks.</summary>
public static class AdminApi
{
    public static void MapAdmin(this IEndpointRouteBuilder routes, CloudRegion region)
    {
        var lab = routes.MapGroup("/lab");
        lab.MapGet("/settings", () => region.Settings);
        lab.MapPut("/settings", (CloudSettings settings) =>
        {
            region.Settings = settings;
            return region.Settings;
        });
        lab.MapPost("/faults", (InjectedFault fault) => region.Inject(fault));
        lab.MapGet("/calls", () => region.Calls);
        lab.MapDelete("/calls", () => region.ForgetCalls());
        lab.MapGet("/elastic-ips", () => ElasticIpView.Of(region.Current));
        lab.MapGet("/elastic-ips/effective", () => ElasticIpView.Of(region.Effective));
        lab.MapGet("/instances", () => region.Current.Instances.Values.Select(instance => new InstanceView(instance.Id, instance.State.Name())));
        lab.MapPost("/instances/{id}/state/{state}", (string id, string state) => InstanceStateNames.Parse(state) is not { } next
            ? Results.BadRequest($"{state} is not an instance state")
            : Change(region, id, (current, instance, now) => InstanceLifecycle.Enter(current, instance, next, now)));
        lab.MapPost("/instances/{id}/impaired/{impaired}", (string id, bool impaired) =>
            Change(region, id, (current, instance, now) => current.With(instance with { ImpairedSince = impaired ? now : null })));
        lab.MapPost("/instances/{id}/interruption/{action}", (string id, string action) =>
            Change(region, id, (current, instance, now) => current.With(instance with { Interruption = new(action, now.AddMinutes(2)) })));
        lab.MapPost("/instances/{id}/event/{code}", (string id, string code) => Change(region, id, (current, instance, now) =>
            current.With(instance with
            {
                Events = instance.Events.Add(new(
                    string.Create(CultureInfo.InvariantCulture, $"instance-event-{instance.Events.Count + 1:x17}"), code, now.AddDays(1))),
            })));
    }

    private static IResult Change(CloudRegion region, string id, Func<Ec2State, Instance, DateTimeOffset, Ec2State> change)
    {
        var found = false;
        region.Mutate((state, now) =>
        {
            found = state.Instances.TryGetValue(id, out var instance);
            return found ? change(state, instance!, now) : state;
        });
        return found ? Results.NoContent() : Results.NotFound();
    }
}
