// Passkeys: a form marked data-passkey hands what the browser needs to it, and sends what the browser answers.
// Without scripts such forms stay hidden, and one signs in another way.
"use strict";
{
    const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
    const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
        .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

    function decoded(options) {
        const known = (list) => list?.map((one) => ({...one, id: bytes(one.id)}));
        const made = {...options, challenge: bytes(options.challenge)};
        if (options.user) {
            made.user = {...options.user, id: bytes(options.user.id)};
            made.excludeCredentials = known(options.excludeCredentials) ?? [];
        } else {
            made.allowCredentials = known(options.allowCredentials) ?? [];
        }
        return made;
    }

    function encoded(credential) {
        const {response} = credential;
        const said = {clientDataJSON: text(response.clientDataJSON)};
        for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
            if (response[name]) {
                said[name] = text(response[name]);
            }
        }
        if (response.getTransports) {
            said.transports = response.getTransports();
        }
        return JSON.stringify({
            id: credential.id,
            rawId: text(credential.rawId),
            type: credential.type,
            authenticatorAttachment: credential.authenticatorAttachment,
            clientExtensionResults: credential.getClientExtensionResults(),
            response: said,
        });
    }

    const ways = {
        async "sign-in"(form) {
            const answer = await fetch(form.action, {headers: {Accept: "application/json"}});
            if (!answer.ok) {
                throw new Error(answer.statusText);
            }
            const {request_options: {publicKey}} = await answer.json();
            return navigator.credentials.get({publicKey: decoded(publicKey)});
        },
        async confirm() {
            return navigator.credentials.get({publicKey: decoded(given().request_options.publicKey)});
        },
        async add(form) {
            const publicKey = decoded(given().creation_options.publicKey);
            const alone = form.elements.passwordless?.checked ?? false;
            publicKey.authenticatorSelection = {
                ...publicKey.authenticatorSelection,
                residentKey: alone ? "required" : "discouraged",
                requireResidentKey: alone,
                ...(alone ? {userVerification: "required"} : {}),
            };
            return navigator.credentials.create({publicKey});
        },
    };

    const given = () => JSON.parse(document.getElementById("passkey-options").textContent);

    async function ask(form) {
        const failed = form.querySelector("[data-failed]");
        failed.hidden = true;
        try {
            form.elements.credential.value = encoded(await ways[form.dataset.passkey](form));
        } catch {
            failed.hidden = false;  // nobody is there, the wrong one, or she changed her mind: the browser tells which
            return;
        }
        form.submit();
    }

    if (window.PublicKeyCredential) {
        for (const form of document.querySelectorAll("form[data-passkey]")) {
            form.hidden = false;
            form.addEventListener("submit", (event) => {
                event.preventDefault();
                ask(form);
            });
        }
    }
}
