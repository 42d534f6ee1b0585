//! The screen's types, written from the table.

use super::Effect;
use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    fmt::Write,
};
use ts_rs::{Config, TS, TypeVisitor};

/// The whole of `ui/src/ipc/generated/ipc.ts`.
pub fn typescript() -> String {
    let mut types = Types::default();
    super::collect(&mut types);
    types.add::<crate::Event>();
    types.add::<crate::Code>();
    let mut text = String::from(
        "// Generated from src-tauri/crates/app/src/commands.rs by `make types`. Do not edit.\n\n",
    );
    for declaration in types.declarations.values() {
        text.push_str(declaration);
        text.push_str("\n\n");
    }
    text.push_str("/** name: [effect, request, response] */\nexport type Commands = {\n");
    for (name, effect, request, response) in &types.commands {
        let effect = effect.word();
        let _ = writeln!(text, "  {name}: [\"{effect}\", {request}, {response}],");
    }
    text.push_str("};\n\nexport const EFFECTS: { [N in keyof Commands]: Commands[N][0] } = {\n");
    for (name, effect, _, _) in &types.commands {
        let _ = writeln!(text, "  {name}: \"{}\",", effect.word());
    }
    text.push_str("};\n");
    text
}

/// Collects commands and every type that they mention.
pub(super) struct Types {
    config: Config,
    seen: HashSet<TypeId>,
    declarations: BTreeMap<String, String>,
    commands: Vec<(&'static str, Effect, String, String)>,
}

impl Default for Types {
    fn default() -> Self {
        let config = Config::new().with_large_int("number");
        Self {
            config,
            seen: HashSet::new(),
            declarations: BTreeMap::new(),
            commands: Vec::new(),
        }
    }
}

impl Types {
    pub(super) fn command<Request: TS + 'static, Response: TS + 'static>(
        &mut self,
        name: &'static str,
        effect: Effect,
    ) {
        self.add::<Request>();
        self.add::<Response>();
        self.commands.push((
            name,
            effect,
            Request::name(&self.config),
            Response::name(&self.config),
        ));
    }

    fn add<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        // Only types of ours have a place to be exported to; the others are spelt out where they are used.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            self.declarations.insert(
                T::ident(&self.config),
                format!("{docs}export {}", T::decl(&self.config)),
            );
        }
        T::visit_dependencies(self);
        T::visit_generics(self);
    }
}

impl TypeVisitor for Types {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        self.add::<T>();
    }
}
